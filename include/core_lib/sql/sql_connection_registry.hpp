// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/connection/run_scope.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/mapping/field.hpp"
#include "core_lib/sql/argument.hpp"
#include "core_lib/sql/sql_connection.hpp"
#include "core_lib/sql/sql_options.hpp"
#include "core_lib/sql/statement_text.hpp"

namespace core_lib {

namespace sql::driver {
class Driver;
}

/// The relational database of an application: long-lived, shared by its data accesses, owner of the connections.
/// Thread safety: all functions, from any thread. Lifetime: outlives its connections.
class SqlConnectionRegistry final : public ConnectionRegistry<SqlConnection> {
 public:
  /// Opens a first connection, so that a wrong path, host or password shows here.
  /// @throws ConnectionLost, AuthenticationError, ConfigError
  explicit SqlConnectionRegistry(std::unique_ptr<sql::driver::Driver> driver, SqlOptions options = {});
  ~SqlConnectionRegistry() override;

  /// A scope to end by hand; with() is the way that cannot be forgotten.
  /// @{
  [[nodiscard]] SqlConnection get() override;
  [[nodiscard]] SqlConnection get(const sql::ScopeOptions& options,
                                  std::source_location location = std::source_location::current());
  /// @}

  /// Runs `body` in a scope and commits: when this returns, the commit was acknowledged; when it throws, it was not.
  /// An exception of the body rolls back and passes through unchanged.
  /// @returns what the body returns: a value, never something that lives in the scope
  template <class Body>
  auto with(Body&& body, std::source_location location = std::source_location::current()) {
    SqlConnection connection(open_database(), {}, Deadline::never(), location);
    return run_scope(connection, std::forward<Body>(body), logger().get());
  }
  /// The same with options; may run the body several times, see ScopeOptions::attempts.
  template <class Body>
  auto with(const sql::ScopeOptions& options, Body&& body,
            std::source_location location = std::source_location::current()) {
    const Deadline deadline = deadline_of(options);
    for (int attempt = 1;; ++attempt) {
      try {
        SqlConnection connection(open_database(), options, deadline, location);
        return run_scope(connection, body, logger().get());
      } catch (const Error& error) {
        if (!may_retry(error, attempt, options)) throw;
        if (!back_off(attempt, deadline)) throw;
      }
    }
  }

  /// Runs one statement as it is written, with a value for each of its placeholders, and commits it on its own: the
  /// cheapest form, one round trip where the server allows. Its access, isolation and attempts are the options' too.
  /// @throws CommitUnknown  the link was lost, or the deadline hit, while nobody knew whether it was done
  /// @{
  template <class... Arguments>
  sql::Result execute(const sql::ScopeOptions& options, sql::StatementText sql, const Arguments&... arguments) {
    mapping::Scratch scratch;
    const mapping::Scalar values[sizeof...(Arguments) + 1] = {sql::detail::encode_argument(arguments, scratch)...};
    return execute_alone(options, sql, {values, sizeof...(Arguments)});
  }
  template <class... Arguments>
  sql::Result execute(sql::StatementText sql, const Arguments&... arguments) {
    return execute(sql::ScopeOptions{}, sql, arguments...);
  }
  /// @}

  /// Makes the tables of these entities, and their indexes, where they are missing: referenced tables first, and never
  /// altering one that is there. Does nothing where the configuration says `create_db: false`.
  template <class... Entities>
  void create_db() {
    const sql::detail::TableRef* const tables[] = {&sql::detail::table_ref_of<Entities>...};
    create_tables(tables);
  }

  /// The database in a person's words: "sqlite file data/app.db".
  [[nodiscard]] std::string_view name() const noexcept override;
  [[nodiscard]] Health ping(Deadline deadline) override;
  [[nodiscard]] std::optional<PoolStatistics> pool_statistics() const override;
  /// Waits for scopes that are open, until the deadline. @throws DeadlineExceeded  naming who still holds what
  void close(Deadline deadline) override;

 private:
  /// @throws UsageError  after close()
  [[nodiscard]] sql::detail::Database& open_database() const;
  [[nodiscard]] static Deadline deadline_of(const sql::ScopeOptions& options) noexcept;
  [[nodiscard]] static bool may_retry(const Error& error, int attempt, const sql::ScopeOptions& options) noexcept;
  [[nodiscard]] static bool back_off(int attempt, Deadline deadline);
  sql::Result execute_alone(const sql::ScopeOptions& options, const sql::StatementText& sql,
                            std::span<const mapping::Scalar> values);
  void create_tables(std::span<const sql::detail::TableRef* const> tables);

  std::unique_ptr<sql::detail::Database> database_;
  std::string name_;
};

}  // namespace core_lib
