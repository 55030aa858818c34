// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core_lib/sql/driver/batch_run.hpp"

#include "sql/postgresql/postgresql_connection.hpp"
#include "sql/postgresql/postgresql_statement.hpp"

namespace core_lib::sql::postgresql {

/// Executions that are sent together: one round trip for all of them. The server leaves out those behind a failed one.
/// Each is given to libpq as it is encoded, so that nothing is kept of it but its place.
class PostgresqlBatch {
 public:
  /// Errors: UsageError for a wrong number of values, ConversionError.
  /// @param runs  outlive it
  PostgresqlBatch(PostgresqlConnection& connection, std::span<const driver::BatchRun> runs);

  /// Errors: those of the first statement that fails.
  void run(driver::BatchListener& listener);

 private:
  struct Place {
    PostgresqlStatement::Variant* variant;
    std::size_t step;  ///< Among those that were sent.
  };

  [[nodiscard]] PostgresqlConnection::Outcome send();
  [[nodiscard]] PostgresqlConnection::Outcome send_until_started();

  PostgresqlConnection& connection_;
  std::span<const driver::BatchRun> runs_;
  bool may_write_ = false;
  std::vector<Place> places_;  // of the runs
};

}  // namespace core_lib::sql::postgresql
