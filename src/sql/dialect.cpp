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

void Dialect::upsert(std::string& sql, std::span<const std::string_view> unique,
                     std::span<const std::string_view> written) const {
  sql += " ON CONFLICT (";
  for (std::size_t i = 0; i < unique.size(); ++i) {
    if (i != 0) sql += ", ";
    quote(sql, unique[i]);
  }
  sql += ") DO UPDATE SET ";
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (i != 0) sql += ", ";
    quote(sql, written[i]);
    sql += " = excluded.";
    quote(sql, written[i]);
  }
}

void Dialect::load(std::string& /*sql*/, std::string_view /*table*/,
                   std::span<const std::string_view> /*columns*/) const {}

void Dialect::placeholder(std::string& sql, std::size_t) const { sql += '?'; }

}  // namespace core_lib::sql
