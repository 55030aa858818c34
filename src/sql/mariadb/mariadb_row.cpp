// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_row.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string_view>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::mariadb {
namespace {

using mapping::Scalar;

constexpr unsigned binary_charset = 63;

constexpr const char* too_large = "an unsigned integer beyond 64 bits with a sign";
constexpr const char* no_such_date = "a date with a zero in it, such as 0000-00-00";

/// Takes an integer of the wire, which are little endian.
template <class T>
T take_integer(unsigned char*& at) noexcept {
  std::make_unsigned_t<T> value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    value = static_cast<std::make_unsigned_t<T>>(value |
                                                 static_cast<std::make_unsigned_t<T>>(std::uint64_t{at[i]} << (8 * i)));
  }
  at += sizeof(T);
  return static_cast<T>(value);
}

template <class T>
T take_real(unsigned char*& at) noexcept {
  using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  const Bits bits = take_integer<Bits>(at);
  T value;
  std::memcpy(&value, &bits, sizeof(T));
  return value;
}

/// Text and bytes follow their length, which takes 1 to 9 bytes.
std::string_view take_text(unsigned char*& at) noexcept {
  std::uint64_t size = *at++;
  if (size == 252) {
    size = take_integer<std::uint16_t>(at);
  } else if (size == 253) {
    size = take_integer<std::uint16_t>(at);
    size |= std::uint64_t{*at++} << 16U;
  } else if (size == 254) {
    size = take_integer<std::uint64_t>(at);
  }
  const std::string_view text(reinterpret_cast<const char*>(at), size);
  at += size;
  return text;
}

struct Moment {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  std::int64_t microseconds = 0;  // of the day
};

Moment take_moment(unsigned char*& at) noexcept {
  Moment moment;
  const unsigned char size = *at++;
  unsigned char* part = at;
  at += size;
  if (size >= 4) {
    moment.year = take_integer<std::uint16_t>(part);
    moment.month = *part++;
    moment.day = *part++;
  }
  if (size >= 7) {
    const std::int64_t hour = *part++;
    const std::int64_t minute = *part++;
    const std::int64_t second = *part++;
    moment.microseconds = ((hour * 60 + minute) * 60 + second) * 1'000'000;
  }
  if (size >= 11) moment.microseconds += take_integer<std::uint32_t>(part);
  return moment;
}

std::string take_time(unsigned char*& at) {
  const unsigned char size = *at++;
  unsigned char* part = at;
  at += size;
  if (size < 8) return "00:00:00";
  const bool negative = *part++ != 0;
  const std::uint32_t days = take_integer<std::uint32_t>(part);
  const unsigned hour = *part++;
  const unsigned minute = *part++;
  const unsigned second = *part++;
  std::array<char, 48> text{};
  int used = std::snprintf(text.data(), text.size(), "%s%02u:%02u:%02u", negative ? "-" : "", days * 24 + hour, minute,
                           second);
  if (size >= 12) {
    used += std::snprintf(text.data() + used, text.size() - static_cast<std::size_t>(used), ".%06u",
                          take_integer<std::uint32_t>(part));
  }
  return {text.data(), static_cast<std::size_t>(used)};
}

/// Days since 1970, or nothing where the calendar has no such date.
bool days_of(const Moment& moment, std::int64_t& days) noexcept {
  using namespace std::chrono;
  const year_month_day date{year(moment.year), month(moment.month), day(moment.day)};
  days = sys_days(date).time_since_epoch().count();
  return date.ok();
}

template <class T>
std::int64_t integer_of(unsigned char*& at, bool is_unsigned) noexcept {
  return is_unsigned ? static_cast<std::int64_t>(take_integer<std::make_unsigned_t<T>>(at)) : take_integer<T>(at);
}

}  // namespace

void MariadbRow::expect(MYSQL_STMT* statement, std::span<Scalar> values) noexcept {
  statement_ = statement;
  values_ = values;
  problem_ = nullptr;
  if (!texts_.empty()) texts_.clear();
}

void MariadbRow::take(void* row, unsigned int column, unsigned char** bytes) noexcept {
  auto& self = *static_cast<MariadbRow*>(row);
  if (column == 0) self.fields_ = mariadb_stmt_fetch_fields(self.statement_);
  Scalar ignored;
  Scalar& value = column < self.values_.size() ? self.values_[column] : ignored;
  if (bytes == nullptr) {
    value = {};
    return;
  }
  try {
    self.read(column, *bytes, value);
  } catch (const std::exception&) {
    self.problem_ = "a value for which there is no memory";
    self.problem_column_ = column;
  }
}

void MariadbRow::check() const {
  if (problem_ == nullptr) return;
  throw ConversionError("column '" + std::string(fields_[problem_column_].name) + "' holds " + problem_);
}

void MariadbRow::read(unsigned int column, unsigned char*& at, Scalar& value) {
  const MYSQL_FIELD& field = fields_[column];
  const bool is_unsigned = (field.flags & UNSIGNED_FLAG) != 0;
  const auto refuse = [&](const char* what) {
    value = {};
    problem_ = what;
    problem_column_ = column;
  };
  std::int64_t number = 0;
  switch (field.type) {
    case MYSQL_TYPE_TINY:
      value = Scalar::integer(integer_of<std::int8_t>(at, is_unsigned));
      return;
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_YEAR:
      value = Scalar::integer(integer_of<std::int16_t>(at, is_unsigned));
      return;
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
      value = Scalar::integer(integer_of<std::int32_t>(at, is_unsigned));
      return;
    case MYSQL_TYPE_LONGLONG:
      number = take_integer<std::int64_t>(at);
      value = Scalar::integer(number);
      if (is_unsigned && number < 0) refuse(too_large);
      return;
    case MYSQL_TYPE_FLOAT:
      value = Scalar::real(static_cast<double>(take_real<float>(at)));
      return;
    case MYSQL_TYPE_DOUBLE:
      value = Scalar::real(take_real<double>(at));
      return;
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
      value = Scalar::decimal(take_text(at));
      return;
    case MYSQL_TYPE_DATE:
    case MYSQL_TYPE_NEWDATE:
      if (!days_of(take_moment(at), number)) return refuse(no_such_date);
      value = Scalar::date(number);
      return;
    case MYSQL_TYPE_DATETIME:
    case MYSQL_TYPE_TIMESTAMP: {
      const Moment moment = take_moment(at);
      if (!days_of(moment, number)) return refuse(no_such_date);
      value = Scalar::timestamp(number * 86'400'000'000 + moment.microseconds);
      return;
    }
    case MYSQL_TYPE_TIME:
      value = Scalar::text(texts_.emplace_back(take_time(at)));
      return;
    case MYSQL_TYPE_JSON:
      value = Scalar::json(take_text(at));
      return;
    case MYSQL_TYPE_BIT: {
      std::uint64_t bits = 0;
      for (const char byte : take_text(at)) bits = bits << 8U | static_cast<unsigned char>(byte);
      value = Scalar::integer(static_cast<std::int64_t>(bits));
      if (bits > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) refuse(too_large);
      return;
    }
    default: {
      const std::string_view text = take_text(at);
      value = field.charsetnr == binary_charset ? Scalar::blob(std::as_bytes(std::span(text))) : Scalar::text(text);
      return;
    }
  }
}

}  // namespace core_lib::sql::mariadb
