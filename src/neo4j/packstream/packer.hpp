// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "core_lib/neo4j/value.hpp"

#include "neo4j/packstream/buffer.hpp"
#include "neo4j/packstream/format.hpp"

namespace core_lib::neo4j::packstream {

/// Writes `value` with its most significant byte first.
template <std::unsigned_integral T>
void store_big_endian(std::byte* place, T value) noexcept {
  for (std::size_t i = 0; i < sizeof(T); ++i) place[i] = static_cast<std::byte>(value >> (8 * (sizeof(T) - 1 - i)));
}

/// Writes values at the end of a buffer, each in its shortest form.
class Packer {
 public:
  Packer(Buffer& out, Dialect dialect) noexcept : out_(out), dialect_(dialect) {}

  void null() { byte(marker::null); }
  void boolean(bool value) { byte(value ? marker::boolean_true : marker::boolean_false); }
  void integer(std::int64_t value) {
    if (value >= -16 && value <= 127) return byte(static_cast<std::uint8_t>(value));
    large_integer(value);
  }
  void real(double value) { number(marker::float_64, std::bit_cast<std::uint64_t>(value)); }
  void string(std::string_view value) {
    header(marker::tiny_string, marker::string_8, value.size());
    out_.append(value);
  }
  void bytes(std::span<const std::byte> value);
  void list_header(std::size_t size) { header(marker::tiny_list, marker::list_8, size); }
  void map_header(std::size_t size) { header(marker::tiny_map, marker::map_8, size); }
  /// @param fields  at most 15
  void structure_header(std::uint8_t tag, std::size_t fields) {
    std::byte* const place = out_.grow(2);
    place[0] = static_cast<std::byte>(marker::structure | fields);
    place[1] = static_cast<std::byte>(tag);
  }
  /// Errors: ConversionError for what cannot be sent: nodes, relationships and paths, text that is not UTF-8, nesting
  /// beyond `most_depth`, vectors before Bolt 6. The buffer then holds a part of the value.
  void value(const Value& value, int depth = 0);
  void map(const Map& map, int depth = 0);

 private:
  void byte(std::uint8_t value) { *out_.grow(1) = static_cast<std::byte>(value); }
  template <std::unsigned_integral T>
  void number(std::uint8_t first, T value) {
    std::byte* const place = out_.grow(1 + sizeof(T));
    place[0] = static_cast<std::byte>(first);
    store_big_endian(place + 1, value);
  }
  void header(std::uint8_t tiny, std::uint8_t first, std::size_t size) {
    if (size < 16) return byte(static_cast<std::uint8_t>(tiny | size));
    large_header(first, size);
  }
  void large_header(std::uint8_t first, std::size_t size);
  void large_integer(std::int64_t value);
  void checked_string(std::string_view value);
  void temporal(const DateTime& value);
  void point(const Point& value);
  void vector(const Vector& value);

  Buffer& out_;
  Dialect dialect_;
};

}  // namespace core_lib::neo4j::packstream
