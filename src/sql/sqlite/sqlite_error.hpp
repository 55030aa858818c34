// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace core_lib::sql::sqlite {

/// The name and number of a result code: "SQLITE_CONSTRAINT_UNIQUE (2067)".
[[nodiscard]] std::string code_name(int extended_code);

/// The error that a result code stands for, ready to be thrown or attached as a cause.
/// @param attempt  what failed, as in "cannot run the statement"
/// @param detail   SQLite's own words; they name tables and columns and never hold bound values
[[nodiscard]] std::exception_ptr make_error(int extended_code, std::string_view attempt, std::string_view detail);

/// Throws what the connection's last failed call stands for.
[[noreturn]] void throw_error(sqlite3* db, int code, std::string_view attempt);

}  // namespace core_lib::sql::sqlite
