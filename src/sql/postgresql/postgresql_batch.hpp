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
class PostgresqlBatch {
 public:
  /// Errors: UsageError for a wrong number of values, ConversionError.
  PostgresqlBatch(PostgresqlConnection& connection, std::span<const driver::BatchRun> runs);

  /// Errors: those of the first statement that fails.
  void run(driver::BatchListener& listener);

 private:
  struct Run {
    PostgresqlStatement* statement;
    ParameterView parameters{};
    PostgresqlStatement::Variant* variant = nullptr;
    std::size_t step = 0;  ///< Its place among those that were sent.
  };

  [[nodiscard]] PostgresqlConnection::Outcome send();
  [[nodiscard]] PostgresqlConnection::Outcome send_until_started();
  [[nodiscard]] const Run& run_of(std::size_t step) const noexcept;

  PostgresqlConnection& connection_;
  Parameters parameters_;
  std::vector<Run> runs_;
  std::vector<Step> steps_;
};

}  // namespace core_lib::sql::postgresql
