// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "core_lib/sql/mariadb.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

#include "support/eventually.hpp"
#include "support/service.hpp"

namespace core_lib::support {

/// Options for a server that tests/services/mariadb started.
inline sql::MariadbOptions mariadb_options(const Service& server) {
  sql::MariadbOptions options;
  options.hosts = {{server["host"], static_cast<std::uint16_t>(std::stoi(server["port"]))}};
  options.user = server["user"];
  options.password = server["password"];
  options.database = server["database"];
  return options;
}

/// The number that the server gave to the session's connection.
inline std::int64_t connection_of(sql::Session& session) {
  return session.execute("SELECT CONNECTION_ID()").scalar<std::int64_t>();
}

/// A database of a test's own on the shared server, so that tests run beside each other. It ends with this object.
class MariadbDatabase {
 public:
  /// What contracts of servers ask for.
  /// @{
  using Options = sql::MariadbOptions;
  static constexpr const char* service = "mariadb";
  static constexpr const char* limit_of_idleness = "SET SESSION wait_timeout = 1";
  static constexpr const char* few_connections = "--max-connections=10";
  static constexpr const char* no_connection_left = "1040";
  static constexpr const char* long_statement = "SELECT SLEEP(60)";
  [[nodiscard]] static Options options_of(const Service& server) { return mariadb_options(server); }
  [[nodiscard]] static std::int64_t connection_of(sql::Session& session) { return support::connection_of(session); }
  /// True while this connection works on a statement that is long.
  [[nodiscard]] bool is_busy(std::int64_t connection) const {
    return !administrator_
                ->execute("SELECT 1 FROM information_schema.processlist WHERE id = ? AND info LIKE 'SELECT SLEEP(%'",
                          connection)
                .empty();
  }
  /// @}

  MariadbDatabase() {
    static std::atomic<int> number = 0;
    name_ = "test_" + std::to_string(getpid()) + "_" + std::to_string(++number);
    administrator_ = open(mariadb_options(server_));
    administrator_->execute("CREATE DATABASE " + name_ + " CHARACTER SET utf8mb4");
    administrator_->execute("USE " + name_);
  }
  MariadbDatabase(const MariadbDatabase&) = delete;
  MariadbDatabase& operator=(const MariadbDatabase&) = delete;
  ~MariadbDatabase() { administrator_->execute("DROP DATABASE " + name_); }

  [[nodiscard]] const Service& server() const noexcept { return server_; }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] sql::MariadbOptions options() const {
    sql::MariadbOptions options = mariadb_options(server_);
    options.database = name_;
    return options;
  }
  [[nodiscard]] std::unique_ptr<SqlConnectionRegistry> open(SqlOptions sql_options = {}) const {
    return open(options(), std::move(sql_options));
  }
  [[nodiscard]] static std::unique_ptr<SqlConnectionRegistry> open(sql::MariadbOptions options,
                                                                   SqlOptions sql_options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_mariadb_driver(std::move(options)),
                                                   std::move(sql_options));
  }
  [[nodiscard]] std::uint16_t port() const { return static_cast<std::uint16_t>(std::stoi(server_["port"])); }
  /// Waits until a connection is gone from the server.
  void await_end_of(std::int64_t connection) const {
    (void)eventually([&] {
      return administrator_->execute("SELECT 1 FROM information_schema.processlist WHERE id = ?", connection).empty();
    });
  }
  /// Ends a connection on the server, and waits until it is gone.
  void kill(std::int64_t connection) const {
    administrator_->execute("KILL " + std::to_string(connection));
    await_end_of(connection);
  }
  /// True once a connection runs a statement that begins like this.
  [[nodiscard]] bool is_running(const std::string& statement) const {
    return !administrator_->execute("SELECT 1 FROM information_schema.processlist WHERE info LIKE ?", statement + "%")
                .empty();
  }
  /// A connection of another person, who looks and meddles.
  [[nodiscard]] SqlConnectionRegistry& administrator() const noexcept { return *administrator_; }

 private:
  Service server_{"mariadb"};
  std::string name_;
  std::unique_ptr<SqlConnectionRegistry> administrator_;
};

/// Someone who may have one connection to a database at a time, so that the server cannot be asked to end what it does.
/// Ends with this object.
class MariadbLimitedUser {
 public:
  explicit MariadbLimitedUser(const MariadbDatabase& database) : database_(database) {
    const std::string& name = database.name();
    database.administrator().execute("CREATE USER " + name + " IDENTIFIED BY 'secret' WITH MAX_USER_CONNECTIONS 1");
    database.administrator().execute("GRANT ALL ON " + name + ".* TO " + name);
  }
  MariadbLimitedUser(const MariadbLimitedUser&) = delete;
  MariadbLimitedUser& operator=(const MariadbLimitedUser&) = delete;
  ~MariadbLimitedUser() { database_.administrator().execute("DROP USER " + database_.name()); }

  [[nodiscard]] sql::MariadbOptions options() const {
    sql::MariadbOptions options = database_.options();
    options.user = database_.name();
    return options;
  }

 private:
  const MariadbDatabase& database_;
};

}  // namespace core_lib::support
