// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib {

/// JSON as it is written. It is not looked into here; an engine with a JSON type refuses what is none.
struct Json {
  std::string text = "null";

  friend bool operator==(const Json&, const Json&) = default;
};

/// Stored as the engine's JSON type, or as text.
template <>
struct mapping::Codec<Json> : mapping::detail::BuiltinCodec<Json, mapping::Kind::json> {
  static constexpr std::string_view name = "core_lib::Json";
};

}  // namespace core_lib
