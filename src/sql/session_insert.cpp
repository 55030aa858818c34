// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/query/inline_vector.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/encode.hpp"
#include "sql/session_use.hpp"

namespace core_lib::sql {
namespace {

using mapping::EntityTable;
using mapping::Scalar;

using detail::encode_field;
using detail::encode_fields;
using detail::wants_key;

void require_unique(const EntityTable& table, std::span<const detail::ColumnRef* const> unique) {
  if (!unique.empty() || !table.key.empty()) return;
  throw UsageError("upsert() finds a row by its key, and " + std::string(table.type_name) +
                   " has none; add key<...> to its Entity, or name unique columns as in upsert<&User::email>(user)");
}

/// A row whose key is still to be made, and which is found by its key, cannot be there already.
template <class Write>
detail::Op write_op(const Write& write, bool make_key, bool fills) {
  if (write.upserts && !(make_key && write.unique.empty())) {
    return fills ? detail::Op::upsert_returning : detail::Op::upsert;
  }
  return fills ? detail::Op::insert_returning : detail::Op::insert;
}

template <class Shape>
void add_conflict(Shape& shape, const EntityTable& table, std::span<const detail::ColumnRef* const> unique) {
  const auto add = [&](std::size_t field) {
    shape.push_back(detail::Token(detail::Op::conflict, 0, static_cast<std::uint32_t>(field)));
  };
  for (const detail::ColumnRef* column : unique) add(column->field());
  if (unique.empty()) {
    for (const std::size_t field : table.key) add(field);
  }
}

/// The keys of rows in the order in which they were given: keys are made in it, but come back in any.
std::vector<std::int64_t> read_keys(detail::Execution& execution, std::size_t rows) {
  std::vector<std::int64_t> keys;
  while (execution.fetch()) keys.push_back(execution.row()[0].as_integer());
  if (keys.size() != rows) {
    throw Error("the database gave back " + std::to_string(keys.size()) + " keys for " + std::to_string(rows) +
                " rows; do triggers of the table leave some out?");
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

/// Runs what makes values of fields; a field that cannot be stored dooms the session as a failed statement does.
template <class Encode>
auto Session::encode_or_doom(Encode encode) {
  try {
    return encode();
  } catch (...) {
    const Use use(*this);
    doom(std::current_exception());
    throw;
  }
}

void Session::insert(const detail::TableRef& ref, void* entity) {
  const EntityTable& table = ref.table();
  mapping::Scratch scratch;
  std::vector<Scalar> values(table.fields.size());
  bool make_key = false;
  const Scalar* const end = encode_or_doom([&] {
    make_key = wants_key(table, entity, scratch);
    return encode_fields(table, entity, !make_key, scratch, values.data());
  });
  const std::span<const Scalar> bound(values.data(), end);
  if (make_key) {
    const detail::Token shape[] = {detail::Token(detail::Op::insert_returning, 1, 0), ref};
    detail::Execution execution(*this, shape, bound);
    if (execution.fetch()) table.fields[table.key[0]].decode(execution.row()[0], entity);
    execution.finish();
  } else {
    const detail::Token shape[] = {detail::Token(detail::Op::insert, 1, 1), ref};
    detail::Execution(*this, shape, bound).finish();
  }
}

std::size_t Session::write_all(const Write& write, void* entities, std::size_t count, std::size_t stride) {
  const EntityTable& table = write.table.table();
  if (write.upserts) require_unique(table, write.unique);
  auto* const bytes = static_cast<std::byte*>(entities);
  for (std::size_t row = 0; row < count;) {
    Run run{bytes + row * stride, 1, stride, false};
    mapping::Scratch scratch;
    const auto extend = [&](std::size_t most) {
      encode_or_doom([&] {
        run.make_key = wants_key(table, run.first, scratch);
        while (run.count < most && wants_key(table, run.entity(run.count), scratch) == run.make_key) ++run.count;
      });
    };
    const std::size_t left = count - row;
    extend(std::min(left, database_.driver().dialect().least_load()));
    const bool may_load = !write.upserts && !(write.fill_keys && run.make_key);
    // Where the run ends shows while it is loaded: going through the entities twice takes longer than sending them.
    if (!may_load || !load(table, run, left)) {
      extend(left);
      insert_run(write, run);
    }
    row += run.count;
  }
  return count;
}

void Session::insert_run(const Write& write, const Run& run) {
  constexpr std::size_t longest = 128;  // longer statements gain nothing and cost memory
  const EntityTable& table = write.table.table();
  const std::size_t columns = std::max<std::size_t>(table.fields.size(), 1);
  // SQL has no words for several rows without a value.
  const std::size_t most = run.make_key && columns == 1 ? 1 : longest;
  const std::size_t limit =
      std::bit_floor(std::clamp<std::size_t>(database_.driver().dialect().max_parameters() / columns, 1, most));
  const bool fills = write.fill_keys && run.make_key;
  std::vector<Scalar> values(std::min(limit, run.count) * columns);
  for (std::size_t row = 0; row < run.count;) {
    mapping::Scratch scratch;
    // Few shapes, so that the cache serves the rest of a batch too.
    const std::size_t rows = std::bit_floor(std::min(limit, run.count - row));
    const Scalar* const end = encode_or_doom([&] {
      Scalar* out = values.data();
      for (std::size_t i = 0; i < rows; ++i) {
        out = encode_fields(table, run.entity(row + i), !run.make_key, scratch, out);
      }
      return out;
    });
    detail::InlineVector<detail::Token, 8> shape;
    shape.push_back(
        detail::Token(write_op(write, run.make_key, fills), static_cast<std::uint16_t>(rows), run.make_key ? 0 : 1));
    shape.push_back(write.table);
    if (write.upserts) add_conflict(shape, table, write.unique);
    detail::Execution execution(*this, std::span<const detail::Token>(shape.data(), shape.size()),
                                std::span<const Scalar>(values.data(), end));
    if (fills) {
      const std::vector<std::int64_t> keys = read_keys(execution, rows);
      for (std::size_t i = 0; i < rows; ++i) {
        table.fields[table.key[0]].decode(Scalar::integer(keys[i]), run.entity(row + i));
      }
    }
    execution.finish();
    row += rows;
  }
}

void Session::save_entity(const detail::TableRef& ref, const void* entity) {
  const EntityTable& table = ref.table();
  if (table.key.empty()) {
    throw UsageError("save() finds a row by its key, and " + std::string(table.type_name) +
                     " has none; add key<...> to its Entity");
  }
  mapping::Scratch scratch;
  std::vector<Scalar> values(table.fields.size());
  encode_or_doom([&] {
    Scalar* out = encode_fields(table, entity, false, scratch, values.data());
    for (const std::size_t key : table.key) (out++)->become([&] { return encode_field(table, key, entity, scratch); });
    return out;
  });
  const detail::Token shape[] = {detail::Op::save, ref};
  if (detail::Execution(*this, shape, values).finish() == 0) {
    throw NotFoundError("save() found no row of " + std::string(table.name) + " with the entity's key");
  }
}

}  // namespace core_lib::sql
