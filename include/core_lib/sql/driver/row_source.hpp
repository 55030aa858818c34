// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>

#include "core_lib/mapping/field.hpp"

namespace core_lib::sql::driver {

/// Rows to be stored, one after the other.
class RowSource {
 public:
  virtual ~RowSource() = default;

  /// What each value of a row is. Lifetime: the program's.
  [[nodiscard]] virtual std::span<const mapping::Field* const> fields() const noexcept = 0;

  /// The values of the next row, which live until the next call; nothing behind the last one. Errors: ConversionError.
  [[nodiscard]] virtual std::optional<std::span<const mapping::Scalar>> next() = 0;
};

}  // namespace core_lib::sql::driver
