// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "core_lib/connection/access.hpp"
#include "core_lib/observability/deadline.hpp"
#include "core_lib/sql/driver/connection.hpp"

namespace core_lib::sql {
class Dialect;
}

namespace core_lib::sql::driver {

/// How many connections of each kind an engine can bear, and how far it keeps transactions apart.
struct Concurrency {
  /// The most connections that may write at a time; none where the server decides.
  std::optional<std::size_t> max_writers{};
  /// True where reading scopes have connections of their own, beside the writers.
  bool separate_readers = false;
  /// True where each statement of a transaction sees what was committed before it, unless asked otherwise: a reading
  /// scope then needs no transaction for its first query.
  bool snapshot_per_statement = false;
};

/// One database. Adding an engine means implementing Driver, Connection and Statement, and a Dialect.
/// Thread safety: all functions may be called from any thread.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Opens a connection. Errors: ConnectionLost, AuthenticationError, ConfigError, DeadlineExceeded.
  [[nodiscard]] virtual std::unique_ptr<Connection> connect(Access access, Deadline deadline) = 0;
  /// Lives as long as the program.
  [[nodiscard]] virtual const Dialect& dialect() const noexcept = 0;
  /// Asked once.
  [[nodiscard]] virtual Concurrency concurrency() const noexcept = 0;
  /// The database in a person's words, without secrets: "sqlite file data/app.db".
  [[nodiscard]] virtual std::string description() const = 0;
};

}  // namespace core_lib::sql::driver
