// SPDX-License-Identifier: Apache-2.0
#include "neo4j/scalar.hpp"

#include <limits>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/neo4j/graph.hpp"

namespace core_lib::neo4j::detail {
namespace {

using mapping::Kind;
using mapping::Scalar;

constexpr std::int64_t microseconds_per_second = 1'000'000;

/// Rounds down, also before 1970.
std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  return value / divisor - (value % divisor < 0 ? 1 : 0);
}

/// A day is 24 hours, as in a comparison of the server's.
Scalar duration_of(const Duration& duration) {
  constexpr std::int64_t seconds_per_day = 86'400;
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / microseconds_per_second / 4;
  if (duration.months != 0) {
    throw ConversionError("the stored duration has months, whose length varies; read it as a neo4j::Duration");
  }
  if (duration.days > most / seconds_per_day || duration.days < -most / seconds_per_day || duration.seconds > most ||
      duration.seconds < -most) {
    throw ConversionError("the stored duration is out of the range of 64 bits of microseconds");
  }
  return Scalar::duration(microseconds_of(duration.days * seconds_per_day + duration.seconds, duration.nanoseconds));
}

}  // namespace

std::int64_t microseconds_of(std::int64_t seconds, std::int64_t nanoseconds) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / microseconds_per_second - 1;
  if (seconds > most || seconds < -most) throw ConversionError("the stored instant is out of the range of a timestamp");
  return seconds * microseconds_per_second + nanoseconds / 1000;
}

Scalar scalar_of(const Value& value, mapping::Scratch& scratch) {
  if (value.is_null()) return {};
  if (const auto* boolean = value.get_if<bool>()) return Scalar::boolean(*boolean);
  if (const auto* integer = value.get_if<std::int64_t>()) return Scalar::integer(*integer);
  if (const auto* real = value.get_if<double>()) return Scalar::real(*real);
  if (const auto* text = value.get_if<std::string>()) return Scalar::text(*text);
  if (const auto* bytes = value.get_if<Bytes>()) return Scalar::blob(*bytes);
  if (const auto* date = value.get_if<Date>()) return Scalar::date(date->days);
  if (const auto* local = value.get_if<LocalDateTime>()) {
    return Scalar::timestamp(microseconds_of(local->seconds, local->nanoseconds));
  }
  if (const auto* instant = value.get_if<DateTime>()) {
    return Scalar::timestamp(microseconds_of(instant->seconds, instant->nanoseconds));
  }
  if (const auto* duration = value.get_if<Duration>()) return duration_of(*duration);
  if (const auto* list = value.get_if<List>()) {
    std::vector<Scalar> values;
    values.reserve(list->size());
    for (const Value& element : *list) values.push_back(scalar_of(element, scratch));
    return Scalar::list(scratch.keep(std::move(values)));
  }
  throw ConversionError("a value of the type " + std::string(value.type_name()) +
                        " does not fit the field; read it as a neo4j::Value");
}

Value value_of(const Scalar& scalar) {
  switch (scalar.kind()) {
    case Kind::null:
      return {};
    case Kind::boolean:
      return scalar.as_boolean();
    case Kind::integer:
      return scalar.as_integer();
    case Kind::real:
      return scalar.as_real();
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      return scalar.as_text();
    case Kind::blob:
      return Bytes(scalar.as_bytes().begin(), scalar.as_bytes().end());
    case Kind::date:
      return Date{scalar.as_integer()};
    case Kind::duration: {
      const std::int64_t seconds = floor_divide(scalar.as_integer(), microseconds_per_second);
      const std::int64_t rest = scalar.as_integer() - seconds * microseconds_per_second;
      return Duration{.seconds = seconds, .nanoseconds = static_cast<std::int32_t>(rest * 1000)};
    }
    case Kind::uuid: {
      std::string text(mapping::uuid_text_size, '\0');
      mapping::format_uuid(scalar.as_bytes(), text);
      return text;
    }
    case Kind::list: {
      List list;
      list.reserve(scalar.as_list().size());
      for (const Scalar& element : scalar.as_list()) list.push_back(value_of(element));
      return list;
    }
    case Kind::timestamp: {
      const std::int64_t seconds = floor_divide(scalar.as_integer(), microseconds_per_second);
      const std::int64_t rest = scalar.as_integer() - seconds * microseconds_per_second;
      return DateTime{.seconds = seconds, .nanoseconds = static_cast<std::int32_t>(rest * 1000)};
    }
  }
  return {};
}

}  // namespace core_lib::neo4j::detail
