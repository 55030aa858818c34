// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib {

/// An exact decimal number of any length, as money needs it: kept as it is written, digit by digit, and never made a
/// floating-point number. It is compared here by value, so that 1.5 equals 1.50; it does not calculate.
///
/// SQLite has no such type and keeps the text: its filters and order_by() see text, where 10 comes before 9.
class Decimal {
 public:
  /// Zero.
  Decimal() : text_("0") {}
  /// Reads an optional sign, digits, and digits behind a point where there is one: `-12.50`. Errors: ConversionError.
  explicit Decimal(std::string_view text);

  /// As it was read: `-12.50` keeps its zero.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  friend std::weak_ordering operator<=>(const Decimal& left, const Decimal& right) noexcept;
  friend bool operator==(const Decimal& left, const Decimal& right) noexcept { return (left <=> right) == 0; }

 private:
  std::string text_;
};

/// Stored as the engine's exact decimal type, or as text; read from those and from integers, and not from
/// floating-point numbers, which have lost digits by then.
template <>
struct mapping::Codec<Decimal> : mapping::detail::BuiltinCodec<Decimal, mapping::Kind::decimal> {
  static constexpr std::string_view name = "core_lib::Decimal";
};

}  // namespace core_lib
