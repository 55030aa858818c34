// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace core_lib::mapping {

/// Room for what format_timestamp() and format_date() write.
inline constexpr std::size_t civil_text_size = 32;

/// Writes an instant as `YYYY-MM-DD HH:MM:SS.ffffff`, UTC, and tells its length. Such texts sort as the instants do,
/// from year 0 to 9999; years beyond have a sign or more digits.
/// @param microseconds  since 1970-01-01T00:00:00Z
[[nodiscard]] std::size_t format_timestamp(std::int64_t microseconds, std::span<char> out) noexcept;
/// Writes a civil date as `YYYY-MM-DD`. @param days  since 1970-01-01
[[nodiscard]] std::size_t format_date(std::int64_t days, std::span<char> out) noexcept;

/// Reads what format_timestamp() writes, also with a `T` between, fewer digits of the second, and a `Z` or an offset
/// such as `+02:00` behind. Microseconds since 1970; nothing where the text is no such instant.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;
/// Reads `YYYY-MM-DD`. Days since 1970; nothing where the text is no such date.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text) noexcept;

}  // namespace core_lib::mapping
