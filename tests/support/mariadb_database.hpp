// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include <unistd.h>

#include "core_lib/sql/mariadb.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

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

/// A database of a test's own on the shared server, so that tests run beside each other. It ends with this object.
class MariadbDatabase {
 public:
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
  /// A connection of another person, who looks and meddles.
  [[nodiscard]] SqlConnectionRegistry& administrator() const noexcept { return *administrator_; }

 private:
  Service server_{"mariadb"};
  std::string name_;
  std::unique_ptr<SqlConnectionRegistry> administrator_;
};

}  // namespace core_lib::support
