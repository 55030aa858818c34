// SPDX-License-Identifier: Apache-2.0
#include "sql/transaction_words.hpp"

#include <algorithm>
#include <iterator>
#include <string>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {
namespace {

constexpr std::string_view words[] = {"ABORT",    "BEGIN",     "COMMIT", "END", "RELEASE",
                                      "ROLLBACK", "SAVEPOINT", "START",  "XA"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Where the statement begins, behind blanks, comments and empty statements.
std::size_t start_of(std::string_view sql) {
  std::size_t at = 0;
  for (;;) {
    at = sql.find_first_not_of(" \t\r\n\f\v;(", at);
    if (at == std::string_view::npos) return sql.size();
    const std::string_view rest = sql.substr(at);
    if (rest.starts_with("\xEF\xBB\xBF")) {  // a byte order mark, which SQLite takes for a blank
      at += 3;
      continue;
    }
    std::size_t end = 0;
    if (rest.starts_with("--") || rest.starts_with('#')) {
      end = sql.find('\n', at);
    } else if (rest.starts_with("/*")) {
      end = sql.find("*/", at + 2);
    } else {
      return at;
    }
    if (end == std::string_view::npos) return sql.size();
    at = end + (sql[end] == '*' ? 2 : 1);
  }
}

std::string first_word(std::string_view sql) {
  std::string word;
  for (std::size_t at = start_of(sql); at < sql.size() && is_letter(sql[at]) && word.size() < 12; ++at) {
    word += static_cast<char>(sql[at] & ~0x20);  // upper case
  }
  return word;
}

}  // namespace

void refuse_transaction_words(std::string_view sql) {
  const std::string word = first_word(sql);
  if (std::find(std::begin(words), std::end(words), word) == std::end(words)) return;
  throw UsageError("cannot execute " + word +
                   ": the session begins and ends its transaction itself; call commit(), rollback() or savepoint()");
}

}  // namespace core_lib::sql::detail
