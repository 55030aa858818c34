// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core_lib/mapping/field_type.hpp"

namespace core_lib::mapping {

namespace detail {

/// A tick as a fraction of microseconds.
struct Tick {
  std::int64_t numerator;
  std::int64_t denominator;
};

/// Errors: ConversionError beyond 64 bits of microseconds.
[[nodiscard]] Scalar encode_instant(std::int64_t ticks, Tick tick);
/// Errors: ConversionError.
[[nodiscard]] std::int64_t decode_instant(const Scalar& value, Tick tick);
[[noreturn]] void throw_instant_out_of_range();
/// The same two for durations.
/// @{
[[nodiscard]] Scalar encode_duration(std::int64_t ticks, Tick tick);
[[nodiscard]] std::int64_t decode_duration(const Scalar& value, Tick tick);
[[noreturn]] void throw_duration_out_of_range();
/// @}

}  // namespace detail

/// An instant, in UTC. Databases keep microseconds: what is finer is cut off, towards the past, and so it is where a
/// stored instant is read into coarser ticks. One whose tick begins before all that can be stored is refused.
template <class Duration>
struct Codec<std::chrono::time_point<std::chrono::system_clock, Duration>> {
  static_assert(std::is_integral_v<typename Duration::rep>,
                "core_lib: an instant is stored from whole ticks; use a duration with an integer, such as "
                "std::chrono::microseconds");
  using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;
  using Rep = typename Duration::rep;
  using Ratio = std::ratio_divide<typename Duration::period, std::micro>;

  static constexpr Kind kind = Kind::timestamp;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = 0;
  static constexpr std::string_view name = "std::chrono::sys_time";
  static constexpr detail::Tick tick{Ratio::num, Ratio::den};

  static Scalar encode(const void* field, Scratch&) {
    const Rep ticks = static_cast<const Instant*>(field)->time_since_epoch().count();
    if (!std::in_range<std::int64_t>(ticks)) detail::throw_instant_out_of_range();
    return detail::encode_instant(static_cast<std::int64_t>(ticks), tick);
  }
  static void decode(const Scalar& value, void* field) {
    const std::int64_t ticks = detail::decode_instant(value, tick);
    if (!std::in_range<Rep>(ticks)) detail::throw_instant_out_of_range();
    *static_cast<Instant*>(field) = Instant(Duration(static_cast<Rep>(ticks)));
  }
};

/// A span of time: an engine's own type, or a number of microseconds. What is finer is cut off, towards the negative.
template <class Rep, class Period>
struct Codec<std::chrono::duration<Rep, Period>> {
  static_assert(std::is_integral_v<Rep>,
                "core_lib: a duration is stored from whole ticks; use one with an integer, such as "
                "std::chrono::microseconds");
  using Duration = std::chrono::duration<Rep, Period>;
  using Ratio = std::ratio_divide<Period, std::micro>;

  static constexpr Kind kind = Kind::duration;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = 8;
  static constexpr std::string_view name = "std::chrono::duration";
  static constexpr detail::Tick tick{Ratio::num, Ratio::den};

  static Scalar encode(const void* field, Scratch&) {
    const Rep ticks = static_cast<const Duration*>(field)->count();
    if (!std::in_range<std::int64_t>(ticks)) detail::throw_duration_out_of_range();
    return detail::encode_duration(static_cast<std::int64_t>(ticks), tick);
  }
  static void decode(const Scalar& value, void* field) {
    const std::int64_t ticks = detail::decode_duration(value, tick);
    if (!std::in_range<Rep>(ticks)) detail::throw_duration_out_of_range();
    *static_cast<Duration*>(field) = Duration(static_cast<Rep>(ticks));
  }
};

/// A date of the calendar, and not the instant at which it begins.
template <>
struct Codec<std::chrono::sys_days> : detail::BuiltinCodec<std::chrono::sys_days, Kind::date> {
  static constexpr std::string_view name = "std::chrono::sys_days";
};
template <>
struct Codec<std::chrono::year_month_day> : detail::BuiltinCodec<std::chrono::year_month_day, Kind::date> {
  static constexpr std::string_view name = "std::chrono::year_month_day";
};

}  // namespace core_lib::mapping
