// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace core_lib::sql::mariadb {

/// What a failed call left behind, in the client's or the server's words, which may hold values of the statement.
struct Failure {
  unsigned code = 0;
  std::string sqlstate;
  std::string text;

  /// A code of the client library: the link is gone, or was never there.
  [[nodiscard]] bool is_of_client() const noexcept { return (code >= 2000 && code < 3000) || code >= 5000; }
  /// True where the server rolled back the whole transaction by itself.
  [[nodiscard]] bool aborts_transaction() const noexcept { return sqlstate.starts_with("40"); }
  /// True where the statement was interrupted, by its time limit or by KILL QUERY.
  [[nodiscard]] bool is_interruption() const noexcept;
  /// True where the server, or the user, has no connection left.
  [[nodiscard]] bool is_full() const noexcept;
  /// True where it was KILL QUERY, and not a time limit of the server's own.
  [[nodiscard]] bool is_kill() const noexcept;
  /// True where the server says so on its way out: it may have done what was asked for, or not.
  [[nodiscard]] bool ends_link() const noexcept;
  /// The code as errors show it: "1062 (23000)".
  [[nodiscard]] std::string native_code() const { return std::to_string(code) + " (" + sqlstate + ")"; }
};

/// The error that a failure stands for. Of the server's words it takes names of tables, columns and keys, and never a
/// value.
/// @param attempt    what failed, as in "cannot run the statement on mariadb database app"
/// @param connected  false where there is no connection yet that could break
[[nodiscard]] std::exception_ptr make_error(const Failure& failure, std::string_view attempt, bool connected = true);

}  // namespace core_lib::sql::mariadb
