// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "core_lib/sql/driver/driver.hpp"

namespace core_lib::sql {

/// Where a SQLite database is.
struct SqliteOptions {
  /// Path of the database, created where it is missing; empty means a database in memory, gone with its registry.
  std::string file;
  /// The longest wait for a lock that another process holds; a scope's deadline ends it sooner.
  std::chrono::milliseconds busy_timeout{5000};
};

/// The SQLite driver: WAL, foreign keys on, one writer and any number of readers; one connection for a database in
/// memory.
[[nodiscard]] std::unique_ptr<driver::Driver> make_sqlite_driver(SqliteOptions options = {});

}  // namespace core_lib::sql
