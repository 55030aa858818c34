// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"

namespace core_lib::sql {
namespace {

using mapping::EntityTable;
using mapping::Scalar;

bool is_key(const EntityTable& table, std::size_t field) {
  return std::find(table.key.begin(), table.key.end(), field) != table.key.end();
}

/// True where the database is to make the key.
bool wants_key(const EntityTable& table, const void* entity, mapping::Scratch& scratch) {
  if (!table.has_generated_key()) return false;
  return table.fields[table.key[0]].encode(entity, scratch).as_integer() == 0;
}

/// Writes the values of all fields, or of all but the key, and tells where the next ones go.
Scalar* encode_fields(const EntityTable& table, const void* entity, bool with_key, mapping::Scratch& scratch,
                      Scalar* out) {
  std::size_t i = 0;
  try {
    for (const std::size_t count = table.fields.size(); i < count; ++i) {
      if (with_key || !is_key(table, i)) *out++ = table.fields[i].encode(entity, scratch);
    }
  } catch (const ConversionError& error) {
    throw ConversionError("cannot store " + std::string(table.name) + "." + std::string(table.fields[i].name) + ": " +
                          error.what());
  }
  return out;
}

}  // namespace

void Session::insert(const detail::TableRef& ref, void* entity, bool fill_key) {
  const EntityTable& table = ref.table();
  mapping::Scratch scratch;
  std::vector<Scalar> values(table.fields.size());
  const bool make_key = wants_key(table, entity, scratch);
  const Scalar* const end = encode_fields(table, entity, !make_key, scratch, values.data());
  const std::span<const Scalar> bound(values.data(), end);
  if (make_key && fill_key) {
    const detail::Token shape[] = {detail::Token(detail::Op::insert_returning, 1, 0), ref};
    detail::Execution execution(*this, shape, bound);
    if (execution.fetch()) table.fields[table.key[0]].decode(execution.row()[0], entity);
    execution.finish();
  } else {
    const detail::Token shape[] = {detail::Token(detail::Op::insert, 1, make_key ? 0 : 1), ref};
    detail::Execution(*this, shape, bound).finish();
  }
}

std::size_t Session::insert_all(const detail::TableRef& ref, const void* entities, std::size_t count,
                                std::size_t stride) {
  constexpr std::size_t most_rows = 128;  // longer statements gain nothing and cost memory
  const EntityTable& table = ref.table();
  const auto* const bytes = static_cast<const std::byte*>(entities);
  const std::size_t columns = std::max<std::size_t>(table.fields.size(), 1);
  const std::size_t limit =
      std::bit_floor(std::clamp<std::size_t>(database_.driver().dialect().max_parameters() / columns, 1, most_rows));
  std::vector<Scalar> values(std::min(limit, count) * columns);
  for (std::size_t row = 0; row < count;) {
    mapping::Scratch scratch;
    const bool make_key = wants_key(table, bytes + row * stride, scratch);
    std::size_t same = 1;
    while (same < limit && row + same < count && wants_key(table, bytes + (row + same) * stride, scratch) == make_key) {
      ++same;
    }
    const std::size_t rows = std::bit_floor(same);  // few shapes, so that the cache serves the rest of a batch too
    Scalar* out = values.data();
    for (std::size_t i = 0; i < rows; ++i) {
      out = encode_fields(table, bytes + (row + i) * stride, !make_key, scratch, out);
    }
    const detail::Token shape[] = {
        detail::Token(detail::Op::insert, static_cast<std::uint16_t>(rows), make_key ? 0 : 1), ref};
    detail::Execution(*this, shape, std::span<const Scalar>(values.data(), out)).finish();
    row += rows;
  }
  return count;
}

void Session::save_entity(const detail::TableRef& ref, const void* entity) {
  const EntityTable& table = ref.table();
  if (table.key.empty()) {
    throw UsageError("save() finds a row by its key, and " + std::string(table.type_name) +
                     " has none; add key<...> to its Entity");
  }
  mapping::Scratch scratch;
  std::vector<Scalar> values(table.fields.size());
  Scalar* out = values.data();
  out = encode_fields(table, entity, false, scratch, out);
  for (const std::size_t key : table.key) *out++ = table.fields[key].encode(entity, scratch);
  const detail::Token shape[] = {detail::Op::save, ref};
  if (detail::Execution(*this, shape, values).finish() == 0) {
    throw NotFoundError("save() found no row of " + std::string(table.name) + " with the entity's key");
  }
}

}  // namespace core_lib::sql
