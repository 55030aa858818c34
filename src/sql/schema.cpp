// SPDX-License-Identifier: Apache-2.0
#include "sql/schema.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {
namespace {

using mapping::EntityTable;

void names(std::string& sql, const Dialect& dialect, const EntityTable& table, std::span<const std::size_t> fields) {
  sql += '(';
  bool first = true;
  for (const std::size_t field : fields) {
    if (!std::exchange(first, false)) sql += ", ";
    dialect.quote(sql, table.fields[field].name);
  }
  sql += ')';
}

bool holds(std::span<const std::size_t> fields, std::size_t field) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

/// True where the database has to find rows by this field.
bool is_indexed(const EntityTable& table, std::size_t field) {
  const auto in = [&](std::span<const std::size_t> fields) { return holds(fields, field); };
  return in(table.key) || std::any_of(table.unique.begin(), table.unique.end(), in) ||
         std::any_of(table.indexes.begin(), table.indexes.end(), in) ||
         std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                     [&](const mapping::ForeignKey& foreign) { return in(foreign.fields); });
}

std::string create_table(const Dialect& dialect, const EntityTable& table) {
  std::string sql = "CREATE TABLE IF NOT EXISTS ";
  dialect.quote(sql, table.name);
  sql += " (";
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    if (i != 0) sql += ", ";
    const mapping::FieldType& type = *table.fields[i].type;
    dialect.quote(sql, table.fields[i].name);
    sql += ' ';
    if (table.has_generated_key() && table.key[0] == i) {
      dialect.generated_key(sql, type);
    } else {
      if (is_indexed(table, i)) {
        dialect.indexed_column_type(sql, type);
      } else {
        dialect.column_type(sql, type);
      }
      if (!type.nullable) sql += " NOT NULL";
    }
  }
  if (!table.key.empty() && !table.has_generated_key()) {
    sql += ", PRIMARY KEY ";
    names(sql, dialect, table, table.key);
  }
  for (const auto& unique : table.unique) {
    sql += ", UNIQUE ";
    names(sql, dialect, table, unique);
  }
  for (const mapping::ForeignKey& foreign : table.foreign_keys) {
    sql += ", FOREIGN KEY ";
    names(sql, dialect, table, foreign.fields);
    sql += " REFERENCES ";
    dialect.quote(sql, foreign.target().name);
    sql += ' ';
    names(sql, dialect, foreign.target(), foreign.target_fields);
  }
  sql += ')';
  sql += dialect.table_options();
  return sql;
}

/// Engines take names of 63 bytes. Of a longer one PostgreSQL would keep the beginning, and take the next index with
/// the same beginning for one that is there already.
std::string shortened(std::string name) {
  constexpr std::size_t longest = 63;
  if (name.size() <= longest) return name;
  std::uint32_t hash = 0x811C9DC5U;  // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x01000193U;
  name.resize(longest - 9);
  while (!name.empty() && (static_cast<unsigned char>(name.back()) & 0x80U) != 0) name.pop_back();  // half a character
  char digits[9];
  char* const end = std::to_chars(digits, digits + 8, hash, 16).ptr;
  return name + "_" + std::string(digits, end);
}

std::string create_index(const Dialect& dialect, const EntityTable& table, std::span<const std::size_t> fields) {
  std::string name = "ix_" + std::string(table.name);
  for (const std::size_t field : fields) name += "_" + std::string(table.fields[field].name);
  name = shortened(std::move(name));
  std::string sql = "CREATE INDEX IF NOT EXISTS ";
  dialect.quote(sql, name);
  sql += " ON ";
  dialect.quote(sql, table.name);
  sql += ' ';
  names(sql, dialect, table, fields);
  return sql;
}

/// True where all that `table` refers to, among `waiting`, has been made.
bool is_ready(const EntityTable& table, const std::vector<const EntityTable*>& waiting) {
  return std::none_of(table.foreign_keys.begin(), table.foreign_keys.end(), [&](const mapping::ForeignKey& foreign) {
    const EntityTable* const target = &foreign.target();
    return target != &table && std::find(waiting.begin(), waiting.end(), target) != waiting.end();
  });
}

}  // namespace

std::vector<std::string> create_statements(const Dialect& dialect, std::vector<const EntityTable*> tables) {
  std::vector<std::string> statements;
  while (!tables.empty()) {
    const auto ready =
        std::find_if(tables.begin(), tables.end(), [&](const EntityTable* table) { return is_ready(*table, tables); });
    if (ready == tables.end()) {
      std::string circle;
      for (const EntityTable* table : tables) circle += (circle.empty() ? "" : ", ") + std::string(table->name);
      throw UsageError("cannot create tables that refer to each other in a circle: " + circle);
    }
    const EntityTable& table = **ready;
    statements.push_back(create_table(dialect, table));
    for (const auto& index : table.indexes) statements.push_back(create_index(dialect, table, index));
    tables.erase(ready);
  }
  return statements;
}

}  // namespace core_lib::sql::detail
