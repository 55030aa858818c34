// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core_lib::neo4j {

/// The offsets of one time zone through the ages, from the machine's time zone database (RFC 8536).
class TimeZone {
 public:
  /// Thread safety: any thread. Errors: ConversionError where the machine does not know the name.
  [[nodiscard]] static std::shared_ptr<const TimeZone> find(const std::string& name);
  /// Reads the bytes of a compiled time zone; null where they are none.
  [[nodiscard]] static std::shared_ptr<const TimeZone> parse(std::string_view bytes);

  /// Seconds east of UTC at an instant, which is given in seconds since 1970 in UTC.
  [[nodiscard]] std::int32_t offset_at(std::int64_t seconds) const;
  /// Seconds east of UTC when the wall clock shows `local`: the earlier of two, and before a gap for what is in it.
  [[nodiscard]] std::int32_t offset_at_local(std::int64_t local) const;

 private:
  /// A zone that Java knows and tzdata has dropped; null where it is none. Its name is what System V set TZ to; summer
  /// time is that of the United States as it was in 1976, but for the two years before, and begins with 1900.
  [[nodiscard]] static std::shared_ptr<const TimeZone> of_system_v(const std::string& name);

  struct Change {
    std::int64_t at;
    std::int32_t offset;
  };
  /// A day of the year at which the offset changes: the `week`th `weekday` of `month`, 5 meaning the last.
  struct Rule {
    int month = 0;
    int week = 0;
    int weekday = 0;
    std::int32_t second = 0;

    [[nodiscard]] std::int64_t local_seconds(std::int64_t year) const;
  };

  bool read_changes(std::string_view bytes);
  void read_footer(std::string_view text);
  [[nodiscard]] std::int32_t offset_by_rule(std::int64_t seconds) const;

  std::vector<Change> changes_;
  std::int32_t first_offset_ = 0;
  // After the last change:
  std::int32_t standard_ = 0;
  std::int32_t summer_ = 0;
  Rule summer_starts_;
  Rule summer_ends_;
  bool has_rule_ = false;
  bool has_footer_ = false;
};

}  // namespace core_lib::neo4j
