// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/sql/driver/driver.hpp"
#include "core_lib/sql/tls_options.hpp"

namespace core_lib::sql {

/// What a server must be to be connected to.
enum class ServerRole { any, read_write, read_only, primary, standby, prefer_standby };

/// One address of a server.
struct PostgresqlHost {
  /// A name, an address, or the folder of a Unix socket: "/run/postgresql".
  std::string host = "localhost";
  std::uint16_t port = 5432;
};

/// How to reach a PostgreSQL server, and what its connections are like.
struct PostgresqlOptions {
  /// Tried in this order until one answers that has the wanted role.
  std::vector<PostgresqlHost> hosts{PostgresqlHost{}};
  ServerRole target = ServerRole::any;
  std::string user{};
  std::string password{};
  /// Empty means the one that is named like the user.
  std::string database{};
  TlsOptions tls{};
  /// The longest wait for one server, name look-up, TLS and login included; a scope's deadline ends it sooner.
  std::chrono::milliseconds connect_timeout{10'000};
  /// The server ends a statement that runs longer; 0 leaves it to the server's own setting.
  std::chrono::milliseconds statement_timeout{0};
  /// What administrators see in pg_stat_activity.
  std::string application_name = "core_lib";
  /// Schemas where unqualified names are looked up; empty leaves it to the server's own setting.
  std::vector<std::string> search_path{};
  /// Run on each new connection, in this order.
  std::vector<std::string> init_statements{};
  /// Off behind a pooler that gives one session's transactions to several servers and does not know about them.
  bool prepared_statements = true;
  /// Where the link is lost after COMMIT was sent, asks the server on a new connection what became of the transaction,
  /// within the scope's deadline, or `connect_timeout` without one: the commit then succeeds, or it is a CommitFailed
  /// that is_retryable(). It stays a CommitUnknown where the server crashed, was replaced, or cannot be asked in time.
  /// Costs no round trip: the first statement of a transaction that writes asks for its number along the way.
  bool resolve_unknown_commits = false;
};

/// The PostgreSQL driver, by libpq; servers from version 10 on. Time is UTC in every session.
[[nodiscard]] std::unique_ptr<driver::Driver> make_postgresql_driver(PostgresqlOptions options = {});

}  // namespace core_lib::sql
