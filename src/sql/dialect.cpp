// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/dialect.hpp"

namespace core_lib::sql {

void Dialect::quote(std::string& sql, std::string_view identifier) const {
  sql += '"';
  for (const char c : identifier) {
    if (c == '"') sql += '"';
    sql += c;
  }
  sql += '"';
}

void Dialect::placeholder(std::string& sql, std::size_t) const { sql += '?'; }

}  // namespace core_lib::sql
