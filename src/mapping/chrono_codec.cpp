// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/chrono_codec.hpp"

#include <limits>
#include <optional>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"

namespace core_lib::mapping::detail {
namespace {

__extension__ using Wide = __int128;

/// value * numerator / denominator, towards the past; false where 64 bits do not hold it. An optional would be written
/// in two parts and read as one, which processors wait for.
bool scale(std::int64_t value, std::int64_t numerator, std::int64_t denominator, std::int64_t& scaled) {
  if (numerator == denominator) {  // the usual microseconds, without two wide divisions
    scaled = value;
    return true;
  }
  if (denominator == 1) return !__builtin_mul_overflow(value, numerator, &scaled);  // nor for seconds and the like
  const Wide product = Wide{value} * numerator;
  Wide wide = product / denominator;
  if (product % denominator < 0) --wide;
  scaled = static_cast<std::int64_t>(wide);
  return scaled == wide;
}

/// The field's ticks, cut off towards the past; false where they could not be stored again.
bool ticks_of(std::int64_t microseconds, Tick tick, std::int64_t& ticks) {
  std::int64_t again = 0;
  return scale(microseconds, tick.denominator, tick.numerator, ticks) &&
         scale(ticks, tick.numerator, tick.denominator, again);
}

std::int64_t days_of(const Scalar& value, std::string_view type) {
  if (value.kind() == Kind::date) return value.as_integer();
  if (value.kind() != Kind::text) throw_wrong_kind(type, "date or its text", value.kind());
  if (const std::optional<std::int64_t> days = parse_date(value.as_text())) return *days;
  throw ConversionError("the stored text is no date as in 2024-02-29");
}

Scalar encode_days(std::int64_t days) {
  if (days < first_date || days > last_date) {
    throw ConversionError("the date is out of range: its year has at most six digits");
  }
  return Scalar::date(days);
}

}  // namespace

void throw_instant_out_of_range() {
  throw ConversionError("the instant is out of range: databases and std::chrono::microseconds count 64 bits of them");
}

Scalar encode_instant(std::int64_t ticks, Tick tick) {
  std::int64_t microseconds = 0;
  if (!scale(ticks, tick.numerator, tick.denominator, microseconds)) throw_instant_out_of_range();
  return Scalar::timestamp(microseconds);
}

std::int64_t decode_instant(const Scalar& value, Tick tick) {
  std::int64_t microseconds = 0;
  if (value.kind() == Kind::timestamp) {
    microseconds = value.as_integer();
  } else if (value.kind() == Kind::text) {
    const std::optional<std::int64_t> parsed = parse_timestamp(value.as_text());
    if (!parsed) throw ConversionError("the stored text is no instant as in 2024-02-29 12:34:56.789");
    microseconds = *parsed;
  } else {
    throw_wrong_kind("std::chrono::sys_time", "timestamp or its text", value.kind());
  }
  std::int64_t ticks = 0;
  if (!ticks_of(microseconds, tick, ticks)) {
    throw ConversionError("the stored instant is out of the range of the field's duration");
  }
  return ticks;
}

void throw_duration_out_of_range() {
  throw ConversionError("the duration is out of range: 64 bits of std::chrono::microseconds and of the field's ticks");
}

Scalar encode_duration(std::int64_t ticks, Tick tick) {
  std::int64_t microseconds = 0;
  if (!scale(ticks, tick.numerator, tick.denominator, microseconds)) throw_duration_out_of_range();
  return Scalar::duration(microseconds);
}

std::int64_t decode_duration(const Scalar& value, Tick tick) {
  std::int64_t microseconds = 0;
  if (value.kind() == Kind::duration || value.kind() == Kind::integer) {
    microseconds = value.as_integer();
  } else if (value.kind() == Kind::text) {
    const std::optional<std::int64_t> parsed = parse_duration(value.as_text());
    if (!parsed) throw ConversionError("the stored text is no duration as in P1DT2H3M4.5S, without months");
    microseconds = *parsed;
  } else {
    throw_wrong_kind("std::chrono::duration", "duration, its text or a number of microseconds", value.kind());
  }
  std::int64_t ticks = 0;
  if (!ticks_of(microseconds, tick, ticks)) throw_duration_out_of_range();
  return ticks;
}

template <>
Scalar BuiltinCodec<std::chrono::sys_days, Kind::date>::encode(const void* field, Scratch&) {
  return encode_days(static_cast<const std::chrono::sys_days*>(field)->time_since_epoch().count());
}
template <>
void BuiltinCodec<std::chrono::sys_days, Kind::date>::decode(const Scalar& value, void* field) {
  *static_cast<std::chrono::sys_days*>(field) =
      std::chrono::sys_days(std::chrono::days(days_of(value, "std::chrono::sys_days")));
}

template <>
Scalar BuiltinCodec<std::chrono::year_month_day, Kind::date>::encode(const void* field, Scratch&) {
  const auto& date = *static_cast<const std::chrono::year_month_day*>(field);
  if (!date.ok()) throw ConversionError("the value is no date of the calendar");
  return encode_days(std::chrono::sys_days(date).time_since_epoch().count());
}
template <>
void BuiltinCodec<std::chrono::year_month_day, Kind::date>::decode(const Scalar& value, void* field) {
  using std::chrono::year;
  const std::int64_t days = days_of(value, "std::chrono::year_month_day");
  constexpr std::chrono::sys_days first = year::min() / std::chrono::January / 1;
  constexpr std::chrono::sys_days last = year::max() / std::chrono::December / 31;
  if (days < first.time_since_epoch().count() || days > last.time_since_epoch().count()) {
    throw ConversionError("the stored date is out of the range of std::chrono::year_month_day");
  }
  *static_cast<std::chrono::year_month_day*>(field) = std::chrono::sys_days(std::chrono::days(days));
}

}  // namespace core_lib::mapping::detail
