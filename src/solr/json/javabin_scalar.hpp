// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

namespace core_lib::solr::detail {

/// The double that is written like the float, as JSON would have it: 12.59, not 12.59000015258789.
inline double widened(float value) {
  // Exact up to here: a float has 24 bits, and so has 10^7; the quotient of whole numbers is the double of its digits.
  if (std::abs(value) < 0x1p24F) {
    const double whole = std::copysign(0x1p52, static_cast<double>(value));
    double scale = 1;
    for (int digits = 0; digits <= 7; ++digits, scale *= 10) {
      const double scaled = static_cast<double>(value) * scale;
      const double rounded = scaled + whole - whole;  // as std::nearbyint(), which is a call
      // Farther off than half of a float's last bit it is another float; dividing to see that takes its time.
      if (std::abs(scaled - rounded) > std::abs(scaled) * 0x1.001p-24) continue;
      const double candidate = rounded / scale;
      if (static_cast<float>(candidate) == value) return std::copysign(candidate, whole);  // which -0.0 needs
    }
  }
  char digits[32];
  double wide = static_cast<double>(value);
  const auto written = std::to_chars(std::begin(digits), std::end(digits), value);
  (void)std::from_chars(digits, written.ptr, wide);
  return wide;
}

template <class Bytes>
Bytes load_bytes(const char* from) noexcept {
  Bytes bytes = 0;
  std::memcpy(&bytes, from, sizeof bytes);
  return bytes;
}

/// Most texts are, and seeing that takes less than asking simdjson.
inline bool is_ascii(std::string_view text) noexcept {
  const char* const end = text.data() + text.size();
  std::uint64_t seen = 0;
  if (text.size() >= 8) {
    for (const char* at = text.data(); at < end - 8; at += 8) seen |= load_bytes<std::uint64_t>(at);
    seen |= load_bytes<std::uint64_t>(end - 8);
  } else if (text.size() >= 4) {
    seen = load_bytes<std::uint32_t>(text.data()) | load_bytes<std::uint32_t>(end - 4);
  } else {
    for (const char c : text) seen |= static_cast<unsigned char>(c);
  }
  return (seen & 0x8080'8080'8080'8080U) == 0;
}

}  // namespace core_lib::solr::detail
