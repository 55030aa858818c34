// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::detail {

/// True where the field belongs to the primary key.
[[nodiscard]] inline bool is_key(const mapping::EntityTable& table, std::size_t field) noexcept {
  return std::find(table.key.begin(), table.key.end(), field) != table.key.end();
}
/// The value of one field. Errors: ConversionError, with the column's name.
[[nodiscard]] mapping::Scalar encode_field(const mapping::EntityTable& table, std::size_t field, const void* entity,
                                           mapping::Scratch& scratch);
/// True where the database is to make the entity's key. Errors: as encode_field().
[[nodiscard]] inline bool wants_key(const mapping::EntityTable& table, const void* entity, mapping::Scratch& scratch) {
  return table.has_generated_key() && encode_field(table, table.key[0], entity, scratch).as_integer() == 0;
}
/// Writes the values of all fields, or of all but the key, and tells where the next ones go.
mapping::Scalar* encode_fields(const mapping::EntityTable& table, const void* entity, bool with_key,
                               mapping::Scratch& scratch, mapping::Scalar* out);

/// For a driver to whose engine a bound value is not known.
/// @param position  of the value, from 0
[[noreturn]] void throw_unstorable(std::size_t position, std::string_view why);

}  // namespace core_lib::sql::detail
