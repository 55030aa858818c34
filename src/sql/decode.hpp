// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/field.hpp"

namespace core_lib::sql::detail {

/// Throws again what a conversion threw, with the column it was about.
[[noreturn]] inline void throw_with_column(const ConversionError& error, std::string_view column) {
  throw ConversionError("column '" + std::string(column) + "': " + error.what());
}

inline void decode(const mapping::FieldType& type, const mapping::Scalar& value, void* target,
                   std::string_view column) {
  try {
    type.decode(value, target);
  } catch (const ConversionError& error) {
    throw_with_column(error, column);
  }
}

}  // namespace core_lib::sql::detail
