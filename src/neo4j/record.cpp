// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/record.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

#include "neo4j/packstream/unpacker.hpp"
#include "neo4j/row_store.hpp"
#include "neo4j/scalar.hpp"

namespace core_lib::neo4j::detail {
namespace {

packstream::Unpacker reader_of(const Row& row) {
  return packstream::Unpacker({row.data, row.size}, unpack_dialect(row.dialect));
}

/// Stands before the value at this position. The rows of a result were checked when they came.
packstream::Unpacker reader_at(const Row& row, const Keys& keys, std::size_t index) {
  if (index >= keys.size()) {
    throw UsageError("the record has no value at position " + std::to_string(index) + ": it has " +
                     std::to_string(keys.size()));
  }
  packstream::Unpacker reader = reader_of(row);
  (void)reader.list_header();
  reader.skip(index);
  return reader;
}

[[noreturn]] void throw_with_key(const ConversionError& error, std::string_view key) {
  throw ConversionError("'" + std::string(key) + "': " + error.what());
}

void decode(packstream::Unpacker& reader, const mapping::FieldType& type, std::string_view key, void* field) {
  try {
    mapping::Scratch scratch;
    type.decode(reader.scalar(scratch), field);
  } catch (const ConversionError& error) {
    throw_with_key(error, key);
  }
}

bool holds_one_map(const Row& row, const Keys& keys, std::span<const mapping::Field> fields) {
  if (keys.size() != 1 || (fields.size() == 1 && fields[0].name == keys[0])) return false;
  const packstream::Type type = reader_at(row, keys, 0).peek();
  return type == packstream::Type::map || type == packstream::Type::structure;
}

void read_from_map(const Row& row, const Keys& keys, std::span<const mapping::Field> fields, void* object) {
  const Value value = read_value(row, keys, 0);
  const Map* properties = value.get_if<Map>();
  if (const Node* node = value.get_if<Node>()) properties = &node->properties;
  if (const auto* relationship = value.get_if<Relationship>()) properties = &relationship->properties;
  if (properties == nullptr) {
    throw ConversionError("'" + keys[0] + "': a value of the type " + std::string(value.type_name()) +
                          " is no node, relationship or map, from which a struct is read");
  }
  read_properties(*properties, fields, object);
}

/// Fields in the order of the values are read without a look back; others from the start each.
void read_from_row(const Row& row, const Keys& keys, std::span<const mapping::Field> fields, void* object) {
  packstream::Unpacker reader = reader_of(row);
  (void)reader.list_header();
  std::size_t at = 0;
  for (const mapping::Field& field : fields) {
    std::size_t wanted = at;
    while (wanted < keys.size() && keys[wanted] != field.name) ++wanted;
    if (wanted == keys.size()) {
      wanted = index_of(keys, field.name);
      reader = reader_at(row, keys, wanted);
    } else {
      reader.skip(wanted - at);
    }
    decode(reader, *field.type, field.name, static_cast<std::byte*>(object) + field.offset);
    at = wanted + 1;
  }
}

}  // namespace

std::size_t index_of(const Keys& keys, std::string_view key) {
  const auto found = std::find(keys.begin(), keys.end(), key);
  if (found != keys.end()) return static_cast<std::size_t>(found - keys.begin());
  std::string known;
  for (const std::string& name : keys) known += (known.empty() ? "" : ", ") + name;
  throw UsageError("the record has no value '" + std::string(key) + "'; it has: " + known);
}

Value read_value(const Row& row, const Keys& keys, std::size_t index) {
  packstream::Unpacker reader = reader_at(row, keys, index);
  try {
    return reader.value();
  } catch (const ConversionError& error) {
    throw_with_key(error, keys[index]);
  }
}

std::vector<Value> read_values(const Row& row, const Keys& keys) {
  std::vector<Value> values;
  values.reserve(keys.size());
  packstream::Unpacker reader = reader_of(row);
  (void)reader.list_header();
  for (std::size_t i = 0; i < keys.size(); ++i) {
    try {
      values.push_back(reader.value());
    } catch (const ConversionError& error) {
      throw_with_key(error, keys[i]);
    }
  }
  return values;
}

void read_field(const Row& row, const Keys& keys, std::size_t index, const mapping::FieldType& type, void* field) {
  packstream::Unpacker reader = reader_at(row, keys, index);
  decode(reader, type, keys[index], field);
}

void read_struct(const Row& row, const Keys& keys, std::span<const mapping::Field> fields, void* object) {
  if (holds_one_map(row, keys, fields)) return read_from_map(row, keys, fields, object);
  read_from_row(row, keys, fields, object);
}

}  // namespace core_lib::neo4j::detail
