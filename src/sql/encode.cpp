// SPDX-License-Identifier: Apache-2.0
#include "sql/encode.hpp"

#include <string>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {

using mapping::EntityTable;
using mapping::Scalar;

namespace {

[[noreturn]] void throw_with_field(const ConversionError& error, const EntityTable& table, std::size_t field) {
  throw ConversionError("cannot store " + std::string(table.name) + "." + std::string(table.fields[field].name) + ": " +
                        error.what());
}

}  // namespace

Scalar encode_field(const EntityTable& table, std::size_t field, const void* entity, mapping::Scratch& scratch) {
  try {
    return table.fields[field].encode(entity, scratch);
  } catch (const ConversionError& error) {
    throw_with_field(error, table, field);
  }
}

Scalar* encode_fields(const EntityTable& table, const void* entity, bool with_key, mapping::Scratch& scratch,
                      Scalar* out) {
  const std::size_t count = table.fields.size();
  std::size_t i = 0;
  try {
    for (; i < count; ++i) {
      if (with_key || !is_key(table, i)) (out++)->become([&] { return table.fields[i].encode(entity, scratch); });
    }
  } catch (const ConversionError& error) {
    throw_with_field(error, table, i);
  }
  return out;
}

void throw_unstorable(std::size_t position, std::string_view why) {
  throw ConversionError("parameter " + std::to_string(position + 1) + " cannot be stored: " + std::string(why));
}

}  // namespace core_lib::sql::detail
