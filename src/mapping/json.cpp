// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/json.hpp"

namespace core_lib::mapping::detail {

template <>
Scalar BuiltinCodec<Json, Kind::json>::encode(const void* field, Scratch&) {
  return Scalar::json(static_cast<const Json*>(field)->text);
}
template <>
void BuiltinCodec<Json, Kind::json>::decode(const Scalar& value, void* field) {
  if (value.kind() != Kind::json && value.kind() != Kind::text) {
    throw_wrong_kind("core_lib::Json", "json or its text", value.kind());
  }
  static_cast<Json*>(field)->text = value.as_text();
}

}  // namespace core_lib::mapping::detail
