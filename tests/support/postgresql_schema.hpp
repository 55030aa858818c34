// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "core_lib/sql/postgresql.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

#include "support/eventually.hpp"
#include "support/service.hpp"

namespace core_lib::support {

/// The number of the server's process that serves this session.
inline int backend_of(sql::Session& session) { return session.execute("SELECT pg_backend_pid()").scalar<int>(); }

/// Options for a server that tests/services/postgresql started.
inline sql::PostgresqlOptions postgresql_options(const Service& server) {
  sql::PostgresqlOptions options;
  options.hosts = {{server["host"], static_cast<std::uint16_t>(std::stoi(server["port"]))}};
  options.user = server["user"];
  options.password = server["password"];
  options.database = server["database"];
  return options;
}

/// A schema of a test's own on the shared server, so that tests run beside each other. It ends with this object.
class PostgresqlSchema {
 public:
  /// What contracts of servers ask for.
  /// @{
  using Options = sql::PostgresqlOptions;
  static constexpr const char* service = "postgresql";
  static constexpr const char* limit_of_idleness = "SET idle_session_timeout = '20ms'";
  static constexpr const char* few_connections = "max_connections=10";
  static constexpr const char* no_connection_left = "53300";
  static constexpr const char* long_statement = "SELECT pg_sleep(60)";
  [[nodiscard]] static Options options_of(const Service& server) { return postgresql_options(server); }
  [[nodiscard]] static std::int64_t connection_of(sql::Session& session) { return backend_of(session); }
  void kill(std::int64_t connection) const { terminate(static_cast<int>(connection)); }
  /// True while this connection works on a statement that is long.
  [[nodiscard]] bool is_busy(std::int64_t connection) const {
    return !administrator_
                ->execute("SELECT 1 FROM pg_stat_activity WHERE pid = $1::bigint AND wait_event = 'PgSleep'",
                          connection)
                .empty();
  }
  /// @}

  PostgresqlSchema() {
    static std::atomic<int> number = 0;
    name_ = "test_" + std::to_string(getpid()) + "_" + std::to_string(++number);
    administrator_ = std::make_unique<SqlConnectionRegistry>(sql::make_postgresql_driver(options()));
    administrator_->execute("CREATE SCHEMA " + name_);
  }
  PostgresqlSchema(const PostgresqlSchema&) = delete;
  PostgresqlSchema& operator=(const PostgresqlSchema&) = delete;
  ~PostgresqlSchema() { administrator_->execute("DROP SCHEMA " + name_ + " CASCADE"); }

  [[nodiscard]] const Service& server() const noexcept { return server_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] sql::PostgresqlOptions options() const {
    sql::PostgresqlOptions options = postgresql_options(server_);
    options.search_path = {name_};
    return options;
  }
  [[nodiscard]] std::unique_ptr<SqlConnectionRegistry> open(SqlOptions sql_options = {}) const {
    return open(options(), std::move(sql_options));
  }
  [[nodiscard]] static std::unique_ptr<SqlConnectionRegistry> open(sql::PostgresqlOptions options,
                                                                   SqlOptions sql_options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_postgresql_driver(std::move(options)),
                                                   std::move(sql_options));
  }
  /// Waits until a server process is gone.
  void await_end_of(std::int64_t backend) const {
    (void)eventually(
        [&] { return administrator_->execute("SELECT 1 FROM pg_stat_activity WHERE pid = $1", backend).empty(); });
  }
  /// Ends a server process, and waits until it is gone.
  void terminate(int backend) const {
    administrator_->execute("SELECT pg_terminate_backend($1::int)", backend);
    await_end_of(backend);
  }
  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(std::stoi(server_["port"])); }
  /// A connection of another person, who looks and meddles.
  [[nodiscard]] SqlConnectionRegistry& administrator() const noexcept { return *administrator_; }

 private:
  Service server_{"postgresql"};
  std::string name_;
  std::unique_ptr<SqlConnectionRegistry> administrator_;
};

}  // namespace core_lib::support
