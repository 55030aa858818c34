// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/scalar.hpp"

namespace core_lib::mapping {

std::string_view to_string(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
      return "integer";
    case Kind::real:
      return "real";
    case Kind::text:
      return "text";
    case Kind::blob:
      return "blob";
    case Kind::timestamp:
      return "timestamp";
    case Kind::date:
      return "date";
    case Kind::duration:
      return "duration";
    case Kind::uuid:
      return "uuid";
    case Kind::decimal:
      return "decimal";
    case Kind::json:
      return "json";
    case Kind::list:
      return "list";
  }
  return "unknown";
}

}  // namespace core_lib::mapping
