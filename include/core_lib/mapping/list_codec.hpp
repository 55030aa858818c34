// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib::mapping {

/// Appends a list as a JSON array, for data sources without lists. Times, UUIDs and decimals become strings, which the
/// fields of their types read.
/// Errors: ConversionError for what JSON has no form for: bytes, NaN, infinities.
void append_json_list(std::string& out, std::span<const Scalar> values);
/// Reads a JSON array of simple values. Errors: ConversionError.
[[nodiscard]] std::span<const Scalar> parse_json_list(std::string_view json, Scratch& scratch);

namespace detail {

/// The values of a list, or of the JSON array that stands for one. Errors: ConversionError.
[[nodiscard]] std::span<const Scalar> values_of(const Scalar& list, std::string_view type, Scratch& scratch);
/// @pre an exception is being handled
[[noreturn]] void throw_with_position(std::size_t position);

}  // namespace detail

/// A list: an array of the engine, or a JSON array where it has none.
template <class T>
  requires(!std::is_same_v<T, std::byte>)
struct Codec<std::vector<T>> {
  static constexpr bool is_simple =
      Codec<T>::kind != Kind::blob && Codec<T>::kind != Kind::json && Codec<T>::kind != Kind::list;
  static_assert(is_simple,
                "core_lib: a list holds simple values, not bytes, JSON or other lists; keep such in a core_lib::Json");
  static constexpr Kind kind = Kind::list;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = 0;
  static constexpr std::string_view name = detail::type_name<std::vector<T>>();
  static constexpr const FieldType* element = &field_type<T>;

  static Scalar encode(const void* field, Scratch& scratch) {
    const auto& list = *static_cast<const std::vector<T>*>(field);
    std::vector<Scalar> values;
    values.reserve(list.size());
    try {
      if constexpr (std::is_same_v<T, bool>) {
        for (const bool value : list) values.push_back(Scalar::boolean(value));
      } else {
        for (const T& value : list) values.push_back(Codec<T>::encode(&value, scratch));
      }
    } catch (...) {
      detail::throw_with_position(values.size());
    }
    return Scalar::list(scratch.keep(std::move(values)));
  }
  static void decode(const Scalar& scalar, void* field) {
    Scratch scratch;
    const std::span<const Scalar> values = detail::values_of(scalar, name, scratch);
    std::vector<T> list;
    list.reserve(values.size());
    try {
      for (const Scalar& value : values) {
        T read{};
        Codec<T>::decode(value, &read);
        list.push_back(std::move(read));
      }
    } catch (...) {
      detail::throw_with_position(list.size());
    }
    *static_cast<std::vector<T>*>(field) = std::move(list);
  }
};

}  // namespace core_lib::mapping
