// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/neo4j/graph.hpp"
#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

namespace detail {

using Keys = std::vector<std::string>;

/// The packed values of one record. They lie in a block that records of a result share.
struct Row {
  std::shared_ptr<const void> block{};
  const std::byte* data = nullptr;
  std::uint32_t size = 0;
  std::uint8_t dialect = 0;
};

/// Reads a value of a packed row. Errors: as Record::get().
[[nodiscard]] Value read_value(const Row& row, const Keys& keys, std::size_t index);
[[nodiscard]] std::vector<Value> read_values(const Row& row, const Keys& keys);
void read_field(const Row& row, const Keys& keys, std::size_t index, const mapping::FieldType& type, void* field);
void read_struct(const Row& row, const Keys& keys, std::span<const mapping::Field> fields, void* object);
[[nodiscard]] std::size_t index_of(const Keys& keys, std::string_view key);

}  // namespace detail

/// One record of a result: values under names, kept as the server sent them and read when they are asked for.
/// Lifetime: its own; it may outlive its result. It holds on to up to 64 KiB that it shares with its neighbours.
/// Errors: UsageError for a name or position that is not there, ConversionError for a value that does not fit.
class Record {
 public:
  Record() = default;
  Record(std::shared_ptr<const detail::Keys> keys, detail::Row row) : keys_(std::move(keys)), row_(std::move(row)) {}

  /// The names of the values, in the order of RETURN.
  [[nodiscard]] const std::vector<std::string>& keys() const noexcept { return *keys_; }
  [[nodiscard]] std::size_t size() const noexcept { return keys_->size(); }

  [[nodiscard]] Value operator[](std::size_t index) const { return detail::read_value(row_, *keys_, index); }
  [[nodiscard]] Value operator[](std::string_view key) const { return (*this)[detail::index_of(*keys_, key)]; }
  /// A value as a T: see Value::as().
  /// @{
  template <class T>
  [[nodiscard]] T get(std::size_t index) const {
    if constexpr (detail::Mapped<T> || std::is_same_v<T, bool> || std::is_same_v<T, std::int64_t> ||
                  std::is_same_v<T, double> || std::is_same_v<T, std::string>) {
      T value{};
      detail::read_field(row_, *keys_, index, mapping::field_type<T>, &value);
      return value;
    } else {
      return (*this)[index].as<T>();
    }
  }
  template <class T>
  [[nodiscard]] T get(std::string_view key) const {
    return get<T>(detail::index_of(*keys_, key));
  }
  /// @}
  /// All values, in order.
  [[nodiscard]] std::vector<Value> values() const { return detail::read_values(row_, *keys_); }

  /// The record as a plain struct, whose fields are found by the names of the values; where there is one value and it
  /// is a node, a relationship or a map, they are found in that.
  template <detail::Struct T>
  [[nodiscard]] T as() const {
    T object{};
    detail::read_struct(row_, *keys_, mapping::fields_of<T>(), &object);
    return object;
  }

 private:
  std::shared_ptr<const detail::Keys> keys_ = std::make_shared<const detail::Keys>();
  detail::Row row_{};
};

}  // namespace core_lib::neo4j
