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

/// The dates that have a text here, in days since 1970-01-01: the years -999999 to 999999.
inline constexpr std::int64_t first_date = -365'961'662;
inline constexpr std::int64_t last_date = 364'522'971;
/// Those whose texts sort as they do: the years 0 to 9999.
inline constexpr std::int64_t first_sorted_date = -719'528;
inline constexpr std::int64_t last_sorted_date = 2'932'896;

/// The date of an instant: its days since 1970-01-01.
[[nodiscard]] constexpr std::int64_t date_of(std::int64_t microseconds) noexcept {
  constexpr std::int64_t per_day = 86'400'000'000;
  return microseconds / per_day - (microseconds % per_day < 0 ? 1 : 0);
}

/// Writes an instant as `YYYY-MM-DD HH:MM:SS.ffffff`, UTC, and tells its length. Such texts sort as the instants do,
/// from year 0 to 9999; years beyond have a sign or more digits.
/// @param microseconds  since 1970-01-01T00:00:00Z
[[nodiscard]] std::size_t format_timestamp(std::int64_t microseconds, std::span<char> out) noexcept;
/// Writes a civil date as `YYYY-MM-DD`, and tells its length.
/// @param days  since 1970-01-01; from first_date to last_date
[[nodiscard]] std::size_t format_date(std::int64_t days, std::span<char> out) noexcept;

/// Writes a duration as ISO 8601 does, in seconds alone: `PT-90.500000S`. Tells its length.
[[nodiscard]] std::size_t format_duration(std::int64_t microseconds, std::span<char> out) noexcept;

/// Reads what format_timestamp() writes, also with a `T` between, other digits of the second (those beyond six are
/// cut off), and a `Z` or an offset such as `+02:00` behind. Microseconds since 1970; nothing where the text is no such
/// instant.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept;
/// Reads `P1DT2H3M4.5S`, in which each number may have a sign and a day is 24 hours. Microseconds; nothing where the
/// text is no such duration, or has years or months, whose length depends on where they begin.
[[nodiscard]] std::optional<std::int64_t> parse_duration(std::string_view text) noexcept;
/// Reads `YYYY-MM-DD`. Days since 1970; nothing where the text is no such date.
[[nodiscard]] std::optional<std::int64_t> parse_date(std::string_view text) noexcept;

}  // namespace core_lib::mapping
