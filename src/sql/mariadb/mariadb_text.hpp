// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::sql::mariadb {

/// True where there are only blanks, comments and semicolons.
[[nodiscard]] bool is_blank(std::string_view sql) noexcept;

/// The first word of a statement in upper case, behind blanks and comments: "SELECT".
[[nodiscard]] std::string first_word(std::string_view sql);

/// True where a statement follows behind a semicolon.
[[nodiscard]] bool has_second_statement(std::string_view sql) noexcept;

/// What `INSERT ... RETURNING key` says without its last clause.
struct InsertReturning {
  std::string_view insert{};  ///< Empty where the statement is none.
  std::string key{};
  bool has_one_row = false;  ///< It ends with one list of placeholders.
};
[[nodiscard]] InsertReturning split_returning(std::string_view sql);

}  // namespace core_lib::sql::mariadb
