// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_text.hpp"

#include <algorithm>
#include <cstddef>

namespace core_lib::sql::mariadb {
namespace {

constexpr std::string_view blanks = " \t\r\n\f\v";

/// Where the comment that starts at `at` ends, or `at` where none does.
std::size_t skip_comment(std::string_view sql, std::size_t at) noexcept {
  const std::string_view rest = sql.substr(at);
  const bool dashes = rest.starts_with("--") && (rest.size() == 2 || blanks.find(rest[2]) != std::string_view::npos);
  if (dashes || rest.starts_with('#')) return std::min(sql.find('\n', at), sql.size());
  if (!rest.starts_with("/*")) return at;
  const std::size_t end = sql.find("*/", at + 2);
  return end == std::string_view::npos ? sql.size() : end + 2;
}

std::size_t skip_blanks(std::string_view sql, std::size_t at) noexcept {
  while (at < sql.size()) {
    const std::size_t end = skip_comment(sql, at);
    if (end != at) {
      at = end;
    } else if (blanks.find(sql[at]) != std::string_view::npos) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

/// Where the quoted text that starts at `at` ends.
std::size_t skip_quoted(std::string_view sql, std::size_t at) noexcept {
  const char quote = sql[at];
  for (++at; at < sql.size(); ++at) {
    if (sql[at] == '\\' && quote != '`') {
      ++at;
    } else if (sql[at] == quote) {
      return at + 1;
    }
  }
  return sql.size();
}

bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

std::string word_at(std::string_view sql, std::size_t at) {
  std::string word;
  for (; at < sql.size() && is_letter(sql[at]); ++at) word += static_cast<char>(sql[at] & ~0x20);
  return word;
}

}  // namespace

bool is_blank(std::string_view sql) noexcept {
  std::size_t at = skip_blanks(sql, 0);
  while (at < sql.size() && sql[at] == ';') at = skip_blanks(sql, at + 1);
  return at == sql.size();
}

std::string first_word(std::string_view sql) { return word_at(sql, skip_blanks(sql, 0)); }

bool has_second_statement(std::string_view sql) noexcept {
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = skip_comment(sql, at);
    if (end != at) {
      at = end;
    } else if (sql[at] == '\'' || sql[at] == '"' || sql[at] == '`') {
      at = skip_quoted(sql, at);
    } else if (sql[at++] == ';') {
      return !is_blank(sql.substr(at));
    }
  }
  return false;
}

namespace {

bool has_one_row(std::string_view insert) noexcept {
  constexpr std::string_view values = " VALUES (";
  const std::size_t at = insert.rfind(values);
  return at != std::string_view::npos && insert.find_first_not_of("?, ", at + values.size()) == insert.size() - 1 &&
         insert.ends_with(')');
}

}  // namespace

InsertReturning split_returning(std::string_view sql) {
  constexpr std::string_view clause = " RETURNING `";
  const std::size_t at = sql.rfind(clause);
  if (at == std::string_view::npos || !sql.ends_with('`') || first_word(sql) != "INSERT") return {};
  const std::string_view quoted = sql.substr(at + clause.size(), sql.size() - at - clause.size() - 1);
  std::string key;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '`' && ++i == quoted.size()) return {};
    key += quoted[i];
  }
  const std::string_view insert = sql.substr(0, at);
  return {insert, std::move(key), has_one_row(insert)};
}

}  // namespace core_lib::sql::mariadb
