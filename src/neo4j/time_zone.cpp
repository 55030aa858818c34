// SPDX-License-Identifier: Apache-2.0
#include "neo4j/time_zone.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <sstream>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/temporal.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::size_t header_size = 44;

std::int64_t big_endian(std::string_view bytes) {
  std::uint64_t value = (static_cast<unsigned char>(bytes[0]) & 0x80U) != 0 ? ~std::uint64_t{0} : 0;
  for (const char c : bytes) value = (value << 8) | static_cast<unsigned char>(c);
  return static_cast<std::int64_t>(value);
}

struct Header {
  char version = 0;
  std::size_t utc_flags, wall_flags, leaps, changes, types, names;

  [[nodiscard]] std::size_t body(std::size_t time_size) const {
    return changes * (time_size + 1) + types * 6 + names + leaps * (time_size + 4) + wall_flags + utc_flags;
  }
  /// Reads it from the start of the bytes.
  bool read(std::string_view bytes) {
    if (bytes.size() < header_size || !bytes.starts_with("TZif")) return false;
    version = bytes[4];
    std::size_t* const counts[] = {&utc_flags, &wall_flags, &leaps, &changes, &types, &names};
    for (std::size_t i = 0; i < std::size(counts); ++i) {
      const std::int64_t count = big_endian(bytes.substr(20 + 4 * i, 4));
      if (count < 0 || count > 100'000) return false;
      *counts[i] = static_cast<std::size_t>(count);
    }
    return true;
  }
};

/// Reads what a TZ variable says, piece by piece; stays where it is when a piece is missing.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}
  [[nodiscard]] bool at_end() const { return text_.empty(); }
  bool take(char c) {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void name() {
    const bool quoted = text_.starts_with('<');
    const auto end = std::find_if(text_.begin(), text_.end(), [&](char c) {
      return quoted ? c == '>' : !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
    });
    text_.remove_prefix(static_cast<std::size_t>(end - text_.begin()) + (quoted && end != text_.end() ? 1 : 0));
  }
  int number() {
    int value = 0;
    while (!text_.empty() && text_[0] >= '0' && text_[0] <= '9' && value < 1'000'000) {
      value = value * 10 + (text_[0] - '0');
      text_.remove_prefix(1);
    }
    return value;
  }
  /// [+-]h[h][:mm[:ss]] in seconds.
  std::int32_t time() {
    const bool negative = take('-');
    if (!negative) take('+');
    std::int32_t seconds = number() * 3600;
    if (take(':')) seconds += number() * 60;
    if (take(':')) seconds += number();
    return negative ? -seconds : seconds;
  }

 private:
  std::string_view text_;
};

std::chrono::year year_of(std::int64_t seconds) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(seconds)));
  return std::chrono::year_month_day(day).year();
}

}  // namespace

std::shared_ptr<const TimeZone> TimeZone::find(const std::string& name) {
  static std::mutex mutex;
  static std::map<std::string, std::shared_ptr<const TimeZone>, std::less<>> known;
  const std::scoped_lock lock(mutex);
  if (const auto found = known.find(name); found != known.end()) return found->second;
  const bool is_name = !name.empty() && name.front() != '/' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
  std::ifstream file;
  if (is_name) file.open("/usr/share/zoneinfo/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();  // nothing for a folder: reading one fails
  auto zone = parse(bytes.str());
  constexpr std::string_view system_v = "SystemV/";
  if (zone == nullptr && name.starts_with(system_v)) zone = of_system_v(name.substr(system_v.size()));
  if (zone == nullptr) {
    throw ConversionError("this machine does not know the time zone '" + name.substr(0, 64) +
                          "'; its database is the package tzdata");
  }
  return known.emplace(name, std::move(zone)).first->second;
}

std::shared_ptr<const TimeZone> TimeZone::parse(std::string_view bytes) {
  auto zone = std::make_shared<TimeZone>();
  return zone->read_changes(bytes) ? zone : nullptr;
}

std::shared_ptr<const TimeZone> TimeZone::of_system_v(const std::string& name) {
  constexpr std::string_view all[] = {"AST4ADT", "EST5EDT", "CST6CDT", "MST7MDT", "PST8PDT", "YST9YDT", "AST4",
                                      "EST5",    "CST6",    "MST7",    "PST8",    "YST9",    "HST10"};
  if (std::find(std::begin(all), std::end(all), name) == std::end(all)) return nullptr;
  auto zone = std::make_shared<TimeZone>();
  zone->read_footer('\n' + name + (name.ends_with("DT") ? ",M4.5.0,M10.5.0\n" : "\n"));
  zone->first_offset_ = zone->standard_;
  if (!zone->has_rule_) return zone;
  constexpr std::int32_t two_hours = 7200;
  for (int year = 1900; year <= 1975; ++year) {
    const Rule starts = year == 1974   ? Rule{1, 1, 0, two_hours}
                        : year == 1975 ? Rule{2, 5, 0, two_hours}
                                       : zone->summer_starts_;
    const Rule ends = year == 1974 ? Rule{11, 5, 0, two_hours} : zone->summer_ends_;
    zone->changes_.push_back({starts.local_seconds(year) - zone->standard_, zone->summer_});
    zone->changes_.push_back({ends.local_seconds(year) - zone->summer_, zone->standard_});
  }
  return zone;
}

bool TimeZone::read_changes(std::string_view bytes) {
  Header header;
  if (!header.read(bytes) || header.version < '2') return false;
  const std::size_t second = header_size + header.body(4);  // the first part is for readers of 32 bits
  if (bytes.size() < second || !header.read(bytes.substr(second))) return false;
  bytes.remove_prefix(second + header_size);
  if (header.types == 0 || bytes.size() < header.body(8)) return false;
  const std::string_view times = bytes;
  const std::string_view indexes = bytes.substr(header.changes * 8);
  const std::string_view types = bytes.substr(header.changes * 9);
  const auto offset_of = [&](std::size_t type) {
    return static_cast<std::int32_t>(big_endian(types.substr(type * 6, 4)));
  };
  first_offset_ = offset_of(0);
  for (std::size_t i = 0; i < header.changes; ++i) {
    const auto type = static_cast<unsigned char>(indexes[i]);
    if (type >= header.types) return false;
    changes_.push_back({big_endian(times.substr(i * 8, 8)), offset_of(type)});
  }
  read_footer(bytes.substr(header.body(8)));
  return true;
}

/// Such as "CET-1CEST,M3.5.0,M10.5.0/3": what holds after the last change.
void TimeZone::read_footer(std::string_view text) {
  if (text.size() < 3 || text.front() != '\n') return;
  Cursor cursor(text.substr(1, text.find('\n', 1) - 1));
  if (cursor.at_end()) return;
  has_footer_ = true;
  cursor.name();
  standard_ = -cursor.time();
  if (cursor.at_end()) return;
  cursor.name();
  summer_ = cursor.take(',') ? standard_ + 3600 : -cursor.time();
  cursor.take(',');
  const auto rule = [&] {
    Rule day;
    has_rule_ = cursor.take('M');
    day.month = cursor.number();
    cursor.take('.');
    day.week = cursor.number();
    cursor.take('.');
    day.weekday = cursor.number();
    day.second = cursor.take('/') ? cursor.time() : 2 * 3600;
    cursor.take(',');
    has_rule_ = has_rule_ && day.month >= 1 && day.month <= 12 && day.week >= 1 && day.week <= 5 && day.weekday <= 6;
    return day;
  };
  summer_starts_ = rule();
  if (has_rule_) summer_ends_ = rule();
}

std::int64_t TimeZone::Rule::local_seconds(std::int64_t year) const {
  using namespace std::chrono;
  const auto in = std::chrono::year(static_cast<int>(year)) / std::chrono::month(static_cast<unsigned>(month));
  const std::chrono::weekday day(static_cast<unsigned>(weekday));
  const sys_days date = week == 5 ? sys_days(in / day[last]) : sys_days(in / day[static_cast<unsigned>(week)]);
  return sys_seconds(date).time_since_epoch().count() + second;
}

std::int32_t TimeZone::offset_by_rule(std::int64_t seconds) const {
  if (!has_rule_) return standard_;
  constexpr std::int64_t most = 900'000'000'000;  // years of chrono end at 32767
  const auto year = static_cast<int>(year_of(std::clamp(seconds, -most, most) + standard_));
  const std::int64_t starts = summer_starts_.local_seconds(year) - standard_;
  const std::int64_t ends = summer_ends_.local_seconds(year) - summer_;
  const bool is_summer = starts < ends ? seconds >= starts && seconds < ends : seconds >= starts || seconds < ends;
  return is_summer ? summer_ : standard_;
}

std::int32_t TimeZone::offset_at(std::int64_t seconds) const {
  const auto after = std::upper_bound(changes_.begin(), changes_.end(), seconds,
                                      [](std::int64_t at, const Change& change) { return at < change.at; });
  if (after == changes_.end() && has_footer_) return offset_by_rule(seconds);
  return after == changes_.begin() ? first_offset_ : std::prev(after)->offset;
}

std::int32_t TimeZone::offset_at_local(std::int64_t local) const {
  constexpr std::int64_t day = 86'400;
  const std::int32_t before = offset_at(local - day);
  const std::int32_t after = offset_at(local + day);
  if (offset_at(local - before) == before) return before;
  return offset_at(local - after) == after ? after : before;
}

LocalDateTime DateTime::local() const {
  LocalDateTime local{seconds, nanoseconds};
  if (__builtin_add_overflow(local.seconds, offset(), &local.seconds)) {
    throw ConversionError("the wall clock of a datetime is out of range");
  }
  return local;
}

std::int32_t DateTime::offset() const {
  return zone.empty() ? offset_seconds : TimeZone::find(zone)->offset_at(seconds);
}

DateTime DateTime::at(const LocalDateTime& local, std::string zone) {
  constexpr std::int64_t most = 900'000'000'000'000;
  if (local.seconds > most || local.seconds < -most) throw ConversionError("a datetime is out of range");
  const std::int32_t offset = TimeZone::find(zone)->offset_at_local(local.seconds);
  return {local.seconds - offset, local.nanoseconds, 0, std::move(zone)};
}

}  // namespace core_lib::neo4j
