// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "core_lib/mapping/field.hpp"

namespace core_lib::sql::driver {

/// Rows to be stored, one after the other.
class RowSource {
 public:
  virtual ~RowSource() = default;

  /// What each value of a row is. Lifetime: the program's.
  [[nodiscard]] virtual std::span<const mapping::Field* const> fields() const noexcept = 0;

  /// The entity that holds these fields of the next row; null behind the last one. Errors: ConversionError.
  [[nodiscard]] virtual const void* next() = 0;
  /// What next() gave, as values, which live until the next call of either. Errors: ConversionError, which names the
  /// field.
  [[nodiscard]] virtual std::span<const mapping::Scalar> values() = 0;
};

}  // namespace core_lib::sql::driver
