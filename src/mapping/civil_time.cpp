// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/civil_time.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace core_lib::mapping {
namespace {

__extension__ using Wide = __int128;

constexpr std::int64_t seconds_per_day = 86'400;

class Writer {
 public:
  explicit Writer(std::span<char> out) : out_(out) {}

  void character(char c) {
    if (size_ < out_.size()) out_[size_++] = c;
  }
  void number(std::uint64_t value, int digits) {
    char text[20];
    int length = 0;
    do {
      text[length++] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
    while (length < digits) text[length++] = '0';
    while (length > 0) character(text[--length]);
  }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  std::span<char> out_;
  std::size_t size_ = 0;
};

// Days to and from the civil calendar, by counting in eras of 400 years that begin on a 1st of March.
struct Civil {
  std::int64_t year;
  std::uint64_t month;
  std::uint64_t day;
};

constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t epoch_in_days = 719'468;  // from 0000-03-01 to 1970-01-01

Civil civil_of(std::int64_t days) {
  days += epoch_in_days;
  const std::int64_t era = (days >= 0 ? days : days - (days_per_era - 1)) / days_per_era;
  const auto day_of_era = static_cast<std::uint64_t>(days - era * days_per_era);
  const std::uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::uint64_t day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const std::uint64_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month <= 2) --year;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * days_per_era + day_of_era - epoch_in_days;
}

bool is_valid(std::int64_t year, std::int64_t month, std::int64_t day) {
  if (month < 1 || month > 12 || day < 1) return false;
  const Civil civil = civil_of(days_of(year, month, day));
  return civil.month == static_cast<std::uint64_t>(month) && civil.day == static_cast<std::uint64_t>(day);
}

void write_date(Writer& out, std::int64_t days) {
  const Civil civil = civil_of(days);
  if (civil.year < 0) out.character('-');
  out.number(static_cast<std::uint64_t>(std::abs(civil.year)), 4);
  out.character('-');
  out.number(civil.month, 2);
  out.character('-');
  out.number(civil.day, 2);
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  [[nodiscard]] bool at_end() const { return text_.empty(); }
  [[nodiscard]] bool failed() const { return failed_; }
  bool take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  void expect(char c) { failed_ = failed_ || !take(c); }
  /// A number of `least` to `most` digits.
  std::int64_t number(int least, int most) {
    std::int64_t value = 0;
    int digits = 0;
    while (digits < most && !text_.empty() && text_.front() >= '0' && text_.front() <= '9') {
      value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
      ++digits;
    }
    failed_ = failed_ || digits < least;
    digits_ = digits;
    return value;
  }
  [[nodiscard]] int digits() const { return digits_; }
  void skip_digits() { text_.remove_prefix(std::min(text_.find_first_not_of("0123456789"), text_.size())); }
  void fail() { failed_ = true; }

 private:
  std::string_view text_;
  bool failed_ = false;
  int digits_ = 0;
};

std::int64_t read_date(Reader& in) {
  const bool before_year_zero = in.take('-');
  const std::int64_t year = in.number(4, 6) * (before_year_zero ? -1 : 1);
  in.expect('-');
  const std::int64_t month = in.number(2, 2);
  in.expect('-');
  const std::int64_t day = in.number(2, 2);
  if (in.failed() || !is_valid(year, month, day)) {
    in.fail();
    return 0;
  }
  return days_of(year, month, day);
}

std::int64_t read_fraction(Reader& in) {
  if (!in.take('.')) return 0;
  std::int64_t microseconds = in.number(1, 6);
  for (int digits = in.digits(); digits < 6; ++digits) microseconds *= 10;
  in.skip_digits();
  return microseconds;
}

/// The seconds of what a number counts in a duration.
/// @{
std::int64_t read_day_unit(Reader& in) {
  if (in.take('D')) return seconds_per_day;
  if (in.take('W')) return 7 * seconds_per_day;
  in.fail();
  return 0;
}
std::int64_t read_time_unit(Reader& in, bool has_fraction) {
  if (in.take('S')) return 1;
  if (!has_fraction && in.take('M')) return 60;
  if (!has_fraction && in.take('H')) return 3600;
  in.fail();
  return 0;
}
/// @}

/// Seconds east of UTC.
std::int64_t read_offset(Reader& in) {
  if (in.at_end() || in.take('Z')) return 0;
  const bool west = in.take('-');
  if (!west) in.expect('+');
  const std::int64_t hours = in.number(2, 2);
  const bool more = in.take(':') || !in.at_end();
  const std::int64_t minutes = more ? in.number(2, 2) : 0;
  if (hours > 23 || minutes > 59) in.fail();
  const std::int64_t seconds = hours * 3600 + minutes * 60;
  return west ? -seconds : seconds;
}

}  // namespace

std::size_t format_timestamp(std::int64_t microseconds, std::span<char> out) noexcept {
  const std::int64_t days = date_of(microseconds);
  // In unsigned numbers, since the first day that there is begins before the first microsecond.
  const std::uint64_t time =
      static_cast<std::uint64_t>(microseconds) - static_cast<std::uint64_t>(days) * 86'400'000'000U;
  Writer writer(out);
  write_date(writer, days);
  writer.character(' ');
  writer.number(time / 3'600'000'000, 2);
  writer.character(':');
  writer.number(time / 60'000'000 % 60, 2);
  writer.character(':');
  writer.number(time / 1'000'000 % 60, 2);
  writer.character('.');
  writer.number(time % 1'000'000, 6);
  return writer.size();
}

std::size_t format_date(std::int64_t days, std::span<char> out) noexcept {
  Writer writer(out);
  write_date(writer, days);
  return writer.size();
}

std::size_t format_duration(std::int64_t microseconds, std::span<char> out) noexcept {
  const auto bits = static_cast<std::uint64_t>(microseconds);
  const std::uint64_t size = microseconds < 0 ? 0 - bits : bits;
  Writer writer(out);
  writer.character('P');
  writer.character('T');
  if (microseconds < 0) writer.character('-');
  writer.number(size / 1'000'000, 1);
  writer.character('.');
  writer.number(size % 1'000'000, 6);
  writer.character('S');
  return writer.size();
}

std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
  Reader in(text);
  in.expect('P');
  Wide microseconds = 0;
  bool in_time = in.take('T');
  for (bool first = true; first || (!in.failed() && !in.at_end()); first = false) {
    if (!first && !in_time) in_time = in.take('T');
    const bool negative = in.take('-');
    if (!negative) in.take('+');
    const Wide number = in.number(1, 15);  // of days, more than 64 bits of microseconds hold
    const std::int64_t fraction = in_time ? read_fraction(in) : 0;
    const std::int64_t unit = in_time ? read_time_unit(in, fraction != 0) : read_day_unit(in);
    const Wide size = number * unit * 1'000'000 + fraction;
    microseconds += negative ? -size : size;
  }
  if (in.failed() || microseconds < std::numeric_limits<std::int64_t>::min() ||
      microseconds > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(microseconds);
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) noexcept {
  Reader in(text);
  const std::int64_t days = read_date(in);
  if (!in.take(' ')) in.expect('T');
  const std::int64_t hours = in.number(2, 2);
  in.expect(':');
  const std::int64_t minutes = in.number(2, 2);
  in.expect(':');
  const std::int64_t seconds = in.number(2, 2);
  if (hours > 23 || minutes > 59 || seconds > 59) in.fail();
  const std::int64_t fraction = read_fraction(in);
  const std::int64_t offset = read_offset(in);
  if (in.failed() || !in.at_end()) return std::nullopt;
  const std::int64_t total = days * seconds_per_day + hours * 3600 + minutes * 60 + seconds - offset;
  const Wide microseconds = Wide{total} * 1'000'000 + fraction;  // of which only some fit
  if (microseconds < std::numeric_limits<std::int64_t>::min() ||
      microseconds > std::numeric_limits<std::int64_t>::max()) {
    return std::nullopt;
  }
  return static_cast<std::int64_t>(microseconds);
}

std::optional<std::int64_t> parse_date(std::string_view text) noexcept {
  Reader in(text);
  const std::int64_t days = read_date(in);
  if (in.failed() || !in.at_end()) return std::nullopt;
  return days;
}

}  // namespace core_lib::mapping
