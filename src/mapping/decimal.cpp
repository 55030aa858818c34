// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/decimal.hpp"

#include <algorithm>
#include <cstddef>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  if (whole.empty() || !std::all_of(whole.begin(), whole.end(), is_digit)) return false;
  if (point == std::string_view::npos) return true;
  const std::string_view fraction = text.substr(point + 1);
  return !fraction.empty() && std::all_of(fraction.begin(), fraction.end(), is_digit);
}

/// A number without what does not count: leading and trailing zeros, a plus, the sign of zero.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;

  explicit Parts(std::string_view text) {
    negative = text.front() == '-';
    if (negative || text.front() == '+') text.remove_prefix(1);
    const std::size_t point = text.find('.');
    whole = text.substr(0, point);
    whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
    if (point != std::string_view::npos) fraction = text.substr(point + 1);
    fraction = fraction.substr(0, fraction.find_last_not_of('0') + 1);
    negative = negative && !(whole.empty() && fraction.empty());
  }

  [[nodiscard]] std::weak_ordering compare_size(const Parts& other) const noexcept {
    if (whole.size() != other.whole.size()) return whole.size() <=> other.whole.size();
    if (const auto by_whole = whole <=> other.whole; by_whole != 0) return by_whole;
    return fraction <=> other.fraction;
  }
};

}  // namespace

Decimal::Decimal(std::string_view text) : text_(text) {
  if (!is_number(text)) {
    throw ConversionError(
        "the text is no decimal number: a sign where it is negative, digits, and digits behind a "
        "point where there is one");
  }
}

std::weak_ordering operator<=>(const Decimal& left, const Decimal& right) noexcept {
  const Parts a(left.text_);
  const Parts b(right.text_);
  if (a.negative != b.negative) return a.negative ? std::weak_ordering::less : std::weak_ordering::greater;
  return a.negative ? b.compare_size(a) : a.compare_size(b);
}

namespace mapping::detail {

template <>
Scalar BuiltinCodec<Decimal, Kind::decimal>::encode(const void* field, Scratch&) {
  return Scalar::decimal(static_cast<const Decimal*>(field)->text());
}
template <>
void BuiltinCodec<Decimal, Kind::decimal>::decode(const Scalar& value, void* field) {
  auto& decimal = *static_cast<Decimal*>(field);
  switch (value.kind()) {
    case Kind::integer:
      decimal = Decimal(std::to_string(value.as_integer()));
      return;
    case Kind::decimal:
    case Kind::text:
      if (!is_number(value.as_text())) throw ConversionError("the stored text is no decimal number");
      decimal = Decimal(value.as_text());
      return;
    default:
      throw_wrong_kind("core_lib::Decimal", "decimal, its text or integer", value.kind());
  }
}

}  // namespace mapping::detail
}  // namespace core_lib
