// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "core_lib/sql/driver/batch_runs.hpp"

#include "sql/postgresql/postgresql_connection.hpp"
#include "sql/postgresql/postgresql_statement.hpp"

namespace core_lib::sql::postgresql {

/// Executions that are sent together: one round trip for all of them. The server leaves out those behind a failed one.
/// Each is given to libpq as it is encoded, so that nothing is kept of it.
class PostgresqlBatch {
 public:
  /// Errors: UsageError for a wrong number of values, ConversionError.
  /// @param runs  outlive it
  PostgresqlBatch(PostgresqlConnection& connection, const driver::BatchRuns& runs);

  /// Errors: those of the first statement that fails.
  void run(driver::BatchListener& listener);

 private:
  /// Runs of one statement, with the same types, that follow each other.
  struct Stretch {
    PostgresqlStatement::Variant* variant;
    std::size_t run;   ///< The first one.
    std::size_t step;  ///< The first one, among those that were sent.
    bool prepares;     ///< That one prepares the statement.
  };

  [[nodiscard]] Reply send();
  [[nodiscard]] Reply send_until_started();

  PostgresqlConnection& connection_;
  const driver::BatchRuns& runs_;
  bool may_write_ = false;
  std::vector<Stretch> stretches_;
  std::size_t steps_ = 0;
};

}  // namespace core_lib::sql::postgresql
