// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib::sql::detail {

/// Borrows an argument of execute() or get(); `scratch` keeps what has to be converted.
template <class T>
[[nodiscard]] mapping::Scalar encode_argument(const T& value, mapping::Scratch& scratch) {
  if constexpr (std::is_same_v<T, std::nullopt_t>) {
    return {};
  } else if constexpr (std::is_pointer_v<T> && std::is_convertible_v<const T&, std::string_view>) {
    return value == nullptr ? mapping::Scalar() : mapping::Scalar::text(value);
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return mapping::Scalar::text(value);
  } else {
    return mapping::field_type<T>.encode(&value, scratch);
  }
}

}  // namespace core_lib::sql::detail
