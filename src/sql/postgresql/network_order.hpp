// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace core_lib::sql::postgresql {

/// The bytes of an integer as the protocol wants them: the highest first.
template <class Integer>
[[nodiscard]] std::array<char, sizeof(Integer)> network_order(Integer number) noexcept {
  std::uint64_t bits = static_cast<std::make_unsigned_t<Integer>>(number);
  std::array<char, sizeof(Integer)> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; bits >>= 8U) bytes[i] = static_cast<char>(bits & 0xFFU);
  return bytes;
}

}  // namespace core_lib::sql::postgresql
