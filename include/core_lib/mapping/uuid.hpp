// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib {

/// A UUID of any version; the nil one by default. Sorts as its text does.
struct Uuid {
  std::array<std::byte, 16> bytes{};  ///< In the order in which they are written.

  /// Reads `01234567-89ab-cdef-0123-456789abcdef`, in either case. Errors: ConversionError.
  [[nodiscard]] static Uuid parse(std::string_view text);
  /// A new one of version 4, from the system's random numbers.
  [[nodiscard]] static Uuid random();
  /// The 36 characters that parse() reads, in lower case.
  [[nodiscard]] std::string to_string() const;

  friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

namespace mapping {

inline constexpr std::size_t uuid_text_size = 36;
/// Writes the 16 bytes of a UUID as Uuid::to_string() does, and tells its length, which is uuid_text_size.
std::size_t format_uuid(std::span<const std::byte> bytes, std::span<char> out) noexcept;

}  // namespace mapping

/// Stored as the engine's own UUID type, or its text; read from those, and from 16 bytes.
template <>
struct mapping::Codec<Uuid> : mapping::detail::BuiltinCodec<Uuid, mapping::Kind::uuid> {
  static constexpr std::string_view name = "core_lib::Uuid";
};

}  // namespace core_lib
