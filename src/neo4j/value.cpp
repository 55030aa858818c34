// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/value.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/scalar.hpp"

namespace core_lib::neo4j {

Map::Map() noexcept = default;
Map::Map(std::initializer_list<Entry> entries) : entries_(entries) {}
Map::Map(const Map& other) = default;
Map::Map(Map&& other) noexcept = default;
Map& Map::operator=(const Map& other) = default;
Map& Map::operator=(Map&& other) noexcept = default;
Map::~Map() = default;

const Value* Map::find(std::string_view key) const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries_.end() ? nullptr : &found->value;
}

const Value& Map::at(std::string_view key) const {
  const Value* value = find(key);
  if (value == nullptr) throw UsageError("the map has no entry '" + std::string(key) + "'");
  return *value;
}

Value& Map::operator[](std::string_view key) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.key == key; });
  return found != entries_.end() ? found->value : entries_.emplace_back(Entry{std::string(key), Value()}).value;
}

void Map::append(std::string key, Value value) { entries_.push_back({std::move(key), std::move(value)}); }

std::size_t Map::size() const noexcept { return entries_.size(); }
void Map::reserve(std::size_t count) { entries_.reserve(count); }
Map::const_iterator Map::begin() const noexcept { return entries_.begin(); }
Map::const_iterator Map::end() const noexcept { return entries_.end(); }

bool Map::operator==(const Map& other) const {
  return size() == other.size() && std::all_of(begin(), end(), [&](const Entry& entry) {
           const Value* value = other.find(entry.key);
           return value != nullptr && *value == entry.value;
         });
}

bool Value::operator==(const Value& other) const { return storage_ == other.storage_; }

std::string_view Value::type_name() const noexcept {
  constexpr std::string_view names[] = {"NULL",     "BOOLEAN",        "INTEGER",    "FLOAT",
                                        "STRING",   "BYTES",          "LIST",       "MAP",
                                        "DATE",     "ZONED TIME",     "LOCAL TIME", "LOCAL DATETIME",
                                        "DURATION", "POINT",          "NODE",       "RELATIONSHIP",
                                        "PATH",     "ZONED DATETIME", "VECTOR",     "a type of a newer server"};
  static_assert(std::size(names) == std::variant_size_v<Storage>);
  return names[storage_.index()];
}

void Value::throw_wrong_type(std::string_view wanted) const {
  throw ConversionError("a value of the type " + std::string(type_name()) + " is no " + std::string(wanted));
}

void Value::assign_mapped(const mapping::FieldType& type, const void* field) {
  mapping::Scratch scratch;
  *this = detail::value_of(type.encode(field, scratch));
}

void Value::assign_struct(std::span<const mapping::Field> fields, const void* object) {
  mapping::Scratch scratch;
  Map map;
  map.reserve(fields.size());
  for (const mapping::Field& field : fields) {
    map.append(std::string(field.name), detail::value_of(field.encode(object, scratch)));
  }
  storage_ = std::move(map);
}

void Value::read_mapped(const mapping::FieldType& type, void* field) const {
  mapping::Scratch scratch;
  type.decode(detail::scalar_of(*this, scratch), field);
}

void Value::read_struct(std::span<const mapping::Field> fields, void* object) const {
  if (const Map* map = get_if<Map>()) return detail::read_properties(*map, fields, object);
  if (const Node* node = get_if<Node>()) return detail::read_properties(node->properties, fields, object);
  if (const auto* relationship = get_if<Relationship>()) {
    return detail::read_properties(relationship->properties, fields, object);
  }
  throw_wrong_type("map, node or relationship, from which a struct is read");
}

void detail::read_properties(const Map& properties, std::span<const mapping::Field> fields, void* object) {
  static const Value null;
  mapping::Scratch scratch;
  for (const mapping::Field& field : fields) {
    const Value* value = properties.find(field.name);
    try {
      field.decode(scalar_of(value == nullptr ? null : *value, scratch), object);
    } catch (const ConversionError& error) {
      throw ConversionError("property '" + std::string(field.name) + "': " + error.what());
    }
  }
}

}  // namespace core_lib::neo4j
