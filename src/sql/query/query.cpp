// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/query.hpp"

#include <string>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {

void throw_no_row(const mapping::EntityTable& table, std::string_view function) {
  throw NotFoundError(std::string(function) + " found no row of " + std::string(table.name));
}

void throw_more_than_one_row(const mapping::EntityTable& table) {
  throw UsageError("one() found more than one row of " + std::string(table.name) +
                   "; narrow the filter, or use first() or all()");
}

void throw_too_long() {
  throw UsageError(
      "a part of a query has more than 65535 steps; ask in several queries, or put the values into a table and join() "
      "it");
}

void require_condition(const QueryData& query, std::string_view function) {
  const std::string name(function);
  if (!query.is_plain) {
    throw UsageError(name +
                     " takes filters only; order_by(), limit(), offset(), group_by() and distinct() do not apply");
  }
  if (query.has_condition) return;
  throw UsageError(name + " without a filter would touch every row of " +
                   std::string(query.tokens[1].table().table().name) + "; say all_rows() where that is meant");
}

void check_key(const mapping::EntityTable& table, std::span<const mapping::Scalar> key, const QueryData& query) {
  if (query.tokens.size() > 2) {
    throw UsageError("get() finds a row of " + std::string(table.name) +
                     " by its key alone; with filters, use first() or one()");
  }
  if (key.size() != table.key.size()) {
    throw UsageError("the key of " + std::string(table.name) + " has " + std::to_string(table.key.size()) +
                     " fields, but " + std::to_string(key.size()) + " values were given");
  }
  for (std::size_t i = 0; i < key.size(); ++i) {
    const mapping::Field& field = table.fields[table.key[i]];
    if (key[i].is_null() || key[i].kind() == field.type->kind) continue;
    throw UsageError("the key " + std::string(table.name) + "." + std::string(field.name) + " holds " +
                     std::string(to_string(field.type->kind)) + ", but " + std::string(to_string(key[i].kind())) +
                     " was given");
  }
}

}  // namespace core_lib::sql::detail
