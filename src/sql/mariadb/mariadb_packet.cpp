// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_packet.hpp"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/list_codec.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "sql/encode.hpp"

namespace core_lib::sql::mariadb {
namespace {

using mapping::Kind;
using mapping::Scalar;

void append_byte(std::string& packet, std::size_t value) { packet += static_cast<char>(value); }

void append_text(std::string& packet, std::string_view text) {
  if (text.size() < 251) {
    append_byte(packet, text.size());
  } else if (text.size() <= 0xFFFF) {
    packet += '\xFC';
    append_integer(packet, static_cast<std::uint16_t>(text.size()));
  } else {
    packet += '\xFE';
    append_integer(packet, std::uint64_t{text.size()});
  }
  packet.append(text);
}

/// A date, and the time of that day: so much of it as is not zero.
void append_time(std::string& packet, std::int64_t days, std::int64_t microseconds, std::size_t position) {
  using namespace std::chrono;
  constexpr std::int64_t first = -719'162;  // 0001-01-01
  constexpr std::int64_t last = 2'932'896;  // 9999-12-31
  if (days < first || days > last) detail::throw_unstorable(position, "MariaDB has times from the year 1 to 9999");
  const year_month_day date{sys_days(std::chrono::days(days))};
  const auto seconds = static_cast<std::uint32_t>(microseconds / 1'000'000);
  const auto fraction = static_cast<std::uint32_t>(microseconds % 1'000'000);
  append_byte(packet, fraction != 0 ? 11 : seconds != 0 ? 7 : 4);
  append_integer(packet, static_cast<std::uint16_t>(static_cast<int>(date.year())));
  append_byte(packet, static_cast<unsigned>(date.month()));
  append_byte(packet, static_cast<unsigned>(date.day()));
  if (microseconds == 0) return;
  append_byte(packet, seconds / 3600);
  append_byte(packet, seconds / 60 % 60);
  append_byte(packet, seconds % 60);
  if (fraction != 0) append_integer(packet, fraction);
}

/// What DECIMAL(65,30) holds without rounding.
bool is_exact(std::string_view decimal) {
  if (decimal.starts_with('-') || decimal.starts_with('+')) decimal.remove_prefix(1);
  const std::string_view whole = decimal.substr(0, decimal.find('.'));
  const std::string_view fraction = whole.size() < decimal.size() ? decimal.substr(whole.size() + 1) : "";
  const std::size_t zeros = std::min(whole.find_first_not_of('0'), whole.size());
  return whole.size() - zeros <= 35 && fraction.find_last_not_of('0') + 1 <= 30;
}

}  // namespace

enum_field_types wire_type(Kind kind) noexcept {
  switch (kind) {
    case Kind::null:
      return MYSQL_TYPE_NULL;
    case Kind::boolean:
      return MYSQL_TYPE_TINY;
    case Kind::integer:
    case Kind::duration:
      return MYSQL_TYPE_LONGLONG;
    case Kind::real:
      return MYSQL_TYPE_DOUBLE;
    case Kind::decimal:
      return MYSQL_TYPE_NEWDECIMAL;
    case Kind::blob:
      return MYSQL_TYPE_BLOB;
    case Kind::timestamp:
      return MYSQL_TYPE_DATETIME;
    case Kind::date:
      return MYSQL_TYPE_DATE;
    default:
      return MYSQL_TYPE_STRING;
  }
}

void append_value(std::string& packet, const Scalar& value, std::size_t position) {
  switch (value.kind()) {
    case Kind::null:
      return;
    case Kind::boolean:
      return append_byte(packet, value.as_boolean() ? 1 : 0);
    case Kind::integer:
    case Kind::duration:
      return append_integer(packet, static_cast<std::uint64_t>(value.as_integer()));
    case Kind::real:
      if (!std::isfinite(value.as_real())) detail::throw_unstorable(position, "MariaDB has no NaN and no infinity");
      return append_integer(packet, std::bit_cast<std::uint64_t>(value.as_real()));
    case Kind::decimal:
      if (!is_exact(value.as_text())) {
        detail::throw_unstorable(position, "MariaDB's decimals have 35 digits before the point and 30 behind it");
      }
      return append_text(packet, value.as_text());
    case Kind::text:
    case Kind::json:
    case Kind::blob:
      return append_text(packet, value.as_text());
    case Kind::timestamp: {
      constexpr std::int64_t per_day = 86'400'000'000;
      const std::int64_t days = mapping::date_of(value.as_integer());
      return append_time(packet, days, value.as_integer() - days * per_day, position);
    }
    case Kind::date:
      return append_time(packet, value.as_integer(), 0, position);
    case Kind::uuid: {
      char text[mapping::uuid_text_size];
      return append_text(packet, {text, mapping::format_uuid(value.as_bytes(), text)});
    }
    case Kind::list: {
      std::string json;
      mapping::append_json_list(json, value.as_list());
      return append_text(packet, json);
    }
  }
}

std::string execution_packet(unsigned long statement, std::span<const Scalar> parameters) {
  std::string packet;
  std::size_t size = 64;
  for (const Scalar& value : parameters) size += 16 + (value.has_text() ? value.as_text().size() : 0);
  packet.reserve(size);
  append_integer(packet, static_cast<std::uint32_t>(statement));
  packet += '\0';  // no cursor
  append_integer(packet, std::uint32_t{1});
  if (parameters.empty()) return packet;
  const std::size_t nulls = packet.size();
  packet.append((parameters.size() + 7) / 8, '\0');
  packet += '\1';  // types follow
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    append_integer(packet, static_cast<std::uint16_t>(wire_type(parameters[i].kind())));
    if (parameters[i].is_null()) packet[nulls + i / 8] |= static_cast<char>(1U << i % 8);
  }
  for (std::size_t i = 0; i < parameters.size(); ++i) append_value(packet, parameters[i], i);
  return packet;
}

}  // namespace core_lib::sql::mariadb
