// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace core_lib::neo4j {

/// A date without a time. Cypher's DATE.
struct Date {
  std::int64_t days = 0;  ///< Since 1970-01-01.
  auto operator<=>(const Date&) const = default;
};

/// A time of day with its distance from UTC. Cypher's ZONED TIME.
struct Time {
  std::int64_t nanoseconds = 0;     ///< Since midnight, on the wall clock.
  std::int32_t offset_seconds = 0;  ///< East of UTC.
  bool operator==(const Time&) const = default;
};

/// A time of day, somewhere. Cypher's LOCAL TIME.
struct LocalTime {
  std::int64_t nanoseconds = 0;  ///< Since midnight.
  auto operator<=>(const LocalTime&) const = default;
};

/// A date and a time, somewhere. Cypher's LOCAL DATETIME.
struct LocalDateTime {
  std::int64_t seconds = 0;  ///< Since 1970-01-01T00:00:00, on the wall clock.
  std::int32_t nanoseconds = 0;
  auto operator<=>(const LocalDateTime&) const = default;
};

/// An instant, with the offset or the time zone in which it was written. Cypher's ZONED DATETIME.
struct DateTime {
  std::int64_t seconds = 0;  ///< Since 1970-01-01T00:00:00Z.
  std::int32_t nanoseconds = 0;
  std::int32_t offset_seconds = 0;  ///< East of UTC; means nothing where there is a zone.
  std::string zone{};               ///< Such as "Europe/Oslo"; empty where the offset says it all.
  bool operator==(const DateTime&) const = default;

  /// What the wall clock shows there.
  /// @throws ConversionError  the machine does not know the time zone
  [[nodiscard]] LocalDateTime local() const;
  /// East of UTC at that instant. @throws ConversionError  the machine does not know the time zone
  [[nodiscard]] std::int32_t offset() const;
  /// The instant at which the wall clock of a zone shows `local`; the earlier one where it does so twice, and what the
  /// offset before the gap gives where it never does. @throws ConversionError  the machine does not know the time zone
  [[nodiscard]] static DateTime at(const LocalDateTime& local, std::string zone);
};

/// A span of time whose parts do not add up to one number: months and days differ in length. Cypher's DURATION.
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  bool operator==(const Duration&) const = default;
};

}  // namespace core_lib::neo4j
