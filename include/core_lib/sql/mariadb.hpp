// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/sql/driver/driver.hpp"
#include "core_lib/sql/isolation.hpp"
#include "core_lib/sql/tls_options.hpp"

namespace core_lib::sql {

/// One address of a server.
struct MariadbHost {
  std::string host = "127.0.0.1";  ///< A name or an address; `localhost` is reached by TCP too.
  std::uint16_t port = 3306;
};

/// How to reach a MariaDB or MySQL server, and what its connections are like.
struct MariadbOptions {
  /// Tried in this order; of several, one that is read-only is passed over by connections that may write.
  std::vector<MariadbHost> hosts{MariadbHost{}};
  /// The path of a socket of this machine, instead of `hosts`.
  std::string unix_socket{};
  std::string user{};
  std::string password{};
  std::string database{};
  TlsOptions tls{};
  /// The longest time that opening a connection may take on one host; a deadline ends it sooner.
  std::chrono::milliseconds connect_timeout{10'000};
  /// The longest time that the server works on one statement; 0 sets no limit, and a deadline ends it sooner.
  std::chrono::milliseconds statement_timeout{0};
  /// What transactions have that ask for none. With read_committed a reading scope's first query needs no transaction.
  Isolation isolation = Isolation::engine_default;
  /// The program's name, as the server's `performance_schema` shows it.
  std::string application_name = "core_lib";
  /// Run on each new connection, in this order.
  std::vector<std::string> init_statements{};
};

/// The driver of MariaDB 10.3 or newer and MySQL 8: times in UTC, strict mode, utf8mb4, rows counted as matched.
///
/// Statements that commit by themselves, such as CREATE TABLE, do so here too: what the scope did before them is
/// stored, and its rollback throws to say so. A commit that returns has stored everything. A statement that runs while
/// a cursor is open first takes the cursor's remaining rows into memory.
[[nodiscard]] std::unique_ptr<driver::Driver> make_mariadb_driver(MariadbOptions options = {});

}  // namespace core_lib::sql
