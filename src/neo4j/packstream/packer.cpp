// SPDX-License-Identifier: Apache-2.0
#include "neo4j/packstream/packer.hpp"

#include <limits>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/utf8.hpp"

namespace core_lib::neo4j::packstream {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};

[[noreturn]] void refuse(std::string_view what) {
  throw ConversionError("a parameter cannot be sent: " + std::string(what));
}

template <class T>
constexpr std::uint8_t element_marker() {
  if constexpr (std::is_same_v<T, double>) return marker::float_64;
  if constexpr (std::is_same_v<T, float>) return marker::float_32;
  if constexpr (std::is_same_v<T, std::int8_t>) return marker::int_8;
  if constexpr (std::is_same_v<T, std::int16_t>) return marker::int_16;
  if constexpr (std::is_same_v<T, std::int32_t>) return marker::int_32;
  return marker::int_64;
}

template <std::size_t Size>
using Unsigned = std::conditional_t<
    Size == 1, std::uint8_t,
    std::conditional_t<Size == 2, std::uint16_t, std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>>;

}  // namespace

void Packer::large_integer(std::int64_t value) {
  if (std::in_range<std::int8_t>(value)) return number(marker::int_8, static_cast<std::uint8_t>(value));
  if (std::in_range<std::int16_t>(value)) return number(marker::int_16, static_cast<std::uint16_t>(value));
  if (std::in_range<std::int32_t>(value)) return number(marker::int_32, static_cast<std::uint32_t>(value));
  number(marker::int_64, static_cast<std::uint64_t>(value));
}

void Packer::large_header(std::uint8_t first, std::size_t size) {
  if (size <= 0xFF) return number(first, static_cast<std::uint8_t>(size));
  if (size <= 0xFFFF) return number(static_cast<std::uint8_t>(first + 1), static_cast<std::uint16_t>(size));
  if (size > std::numeric_limits<std::uint32_t>::max()) refuse("text, bytes, lists and maps hold at most 4 Gi each");
  number(static_cast<std::uint8_t>(first + 2), static_cast<std::uint32_t>(size));
}

void Packer::bytes(std::span<const std::byte> value) {
  large_header(marker::bytes_8, value.size());
  out_.append(value);
}

void Packer::checked_string(std::string_view value) {
  if (!is_utf8(value)) refuse("text must be UTF-8; send other bytes as neo4j::Bytes");
  string(value);
}

void Packer::map(const Map& map, int depth) {
  map_header(map.size());
  for (const auto& [key, entry] : map) {
    checked_string(key);
    value(entry, depth + 1);
  }
}

void Packer::value(const Value& value, int depth) {
  if (depth > most_depth) refuse("lists and maps lie more than 1000 levels deep in each other");
  value.visit(Overloaded{
      [&](std::monostate) { null(); },
      [&](bool item) { boolean(item); },
      [&](std::int64_t item) { integer(item); },
      [&](double item) { real(item); },
      [&](const std::string& item) { checked_string(item); },
      [&](const Bytes& item) { bytes(item); },
      [&](const List& item) {
        list_header(item.size());
        for (const Value& element : item) this->value(element, depth + 1);
      },
      [&](const Map& item) { map(item, depth); },
      [&](const Date& item) {
        structure_header(tag::date, 1);
        integer(item.days);
      },
      [&](const Time& item) {
        structure_header(tag::time, 2);
        integer(item.nanoseconds);
        integer(item.offset_seconds);
      },
      [&](const LocalTime& item) {
        structure_header(tag::local_time, 1);
        integer(item.nanoseconds);
      },
      [&](const LocalDateTime& item) {
        structure_header(tag::local_date_time, 2);
        integer(item.seconds);
        integer(item.nanoseconds);
      },
      [&](const Duration& item) {
        structure_header(tag::duration, 4);
        integer(item.months);
        integer(item.days);
        integer(item.seconds);
        integer(item.nanoseconds);
      },
      [&](const Point& item) { point(item); },
      [&](const detail::Boxed<DateTime>& item) { temporal(*item); },
      [&](const detail::Boxed<Vector>& item) { vector(*item); },
      [&](const auto&) { refuse("it is a " + std::string(value.type_name()) + ", which only the server makes"); },
  });
}

void Packer::temporal(const DateTime& value) {
  const bool zoned = !value.zone.empty();
  if (dialect_.utc) {
    structure_header(zoned ? tag::date_time_zone : tag::date_time, 3);
    integer(value.seconds);
  } else {
    structure_header(zoned ? tag::legacy_date_time_zone : tag::legacy_date_time, 3);
    integer(value.local().seconds);
  }
  integer(value.nanoseconds);
  if (zoned) {
    checked_string(value.zone);
  } else {
    integer(value.offset_seconds);
  }
}

void Packer::point(const Point& value) {
  if (value.dimensions != 2 && value.dimensions != 3) refuse("a point has 2 or 3 dimensions");
  structure_header(value.dimensions == 3 ? tag::point_3d : tag::point_2d, value.dimensions == 3 ? 4 : 3);
  integer(value.srid);
  real(value.x);
  real(value.y);
  if (value.dimensions == 3) real(value.z);
}

void Packer::vector(const Vector& value) {
  if (!dialect_.vectors) refuse("vectors take Bolt 6.0, hence Neo4j 2025.10 or newer");
  structure_header(tag::vector, 2);
  std::visit(
      [&]<class T>(const std::vector<T>& numbers) {
        const auto type = static_cast<std::byte>(element_marker<T>());
        bytes({&type, 1});
        large_header(marker::bytes_8, numbers.size() * sizeof(T));
        std::byte* place = out_.grow(numbers.size() * sizeof(T));
        for (const T number : numbers) {
          store_big_endian(place, std::bit_cast<Unsigned<sizeof(T)>>(number));
          place += sizeof(T);
        }
      },
      value.values);
}

}  // namespace core_lib::neo4j::packstream
