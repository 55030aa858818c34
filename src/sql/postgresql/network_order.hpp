// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace core_lib::sql::postgresql {

/// From the machine's order of bytes to the protocol's, the highest first, or back.
template <class Integer>
[[nodiscard]] Integer swap_order(Integer number) noexcept {
  // A loop over the bytes is not seen as the one instruction that does this.
  if constexpr (std::endian::native == std::endian::big || sizeof(Integer) == 1) {
    return number;
  } else if constexpr (sizeof(Integer) == 2) {
    return static_cast<Integer>(__builtin_bswap16(static_cast<std::uint16_t>(number)));
  } else if constexpr (sizeof(Integer) == 4) {
    return static_cast<Integer>(__builtin_bswap32(static_cast<std::uint32_t>(number)));
  } else {
    return static_cast<Integer>(__builtin_bswap64(static_cast<std::uint64_t>(number)));
  }
}

/// The bytes of an integer as the protocol wants them.
template <class Integer>
[[nodiscard]] std::array<char, sizeof(Integer)> network_order(Integer number) noexcept {
  return std::bit_cast<std::array<char, sizeof(Integer)>>(swap_order(number));
}

/// The integer at `bytes`, which has as many as it needs.
template <class Integer>
[[nodiscard]] Integer from_network_order(const char* bytes) noexcept {
  Integer number;
  std::memcpy(&number, bytes, sizeof number);
  return swap_order(number);
}

}  // namespace core_lib::sql::postgresql
