// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <span>
#include <string_view>

#include "core_lib/mapping/scalar.hpp"
#include "core_lib/neo4j/value.hpp"

#include "neo4j/packstream/format.hpp"

namespace core_lib::neo4j::packstream {

/// The kinds of what comes next.
enum class Type : std::uint8_t { null, boolean, integer, real, string, bytes, list, map, structure, unknown };

template <std::unsigned_integral T>
[[nodiscard]] T load_big_endian(const std::byte* place) noexcept {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = static_cast<T>((value << 8) | std::to_integer<T>(place[i]));
  return value;
}

/// Reads values from bytes, one after another. Nothing is allocated but what a Value holds, and no length is believed
/// that the bytes cannot keep.
/// Errors: everything here throws, where the bytes are no PackStream or not what was asked for, an Error that breaks
/// the connection.
class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes, Dialect dialect = {}) noexcept
      : next_(bytes.data()), end_(bytes.data() + bytes.size()), dialect_(dialect) {}

  [[nodiscard]] bool at_end() const noexcept { return next_ == end_; }
  [[nodiscard]] const std::byte* position() const noexcept { return next_; }
  [[nodiscard]] Type peek() const;

  [[nodiscard]] bool boolean();
  [[nodiscard]] std::int64_t integer();
  [[nodiscard]] double real();
  /// A view into the bytes.
  [[nodiscard]] std::string_view string();
  [[nodiscard]] std::span<const std::byte> bytes();
  [[nodiscard]] std::size_t list_header();
  [[nodiscard]] std::size_t map_header();
  struct Structure {
    std::uint8_t tag;
    std::size_t fields;
  };
  [[nodiscard]] Structure structure_header();

  /// The next value, whatever it is. Errors: also ConversionError, which does not break the connection, for a structure
  /// that is not known and for nesting beyond `most_depth`; the reader has not moved then.
  [[nodiscard]] Value value();
  [[nodiscard]] Map map();
  /// The next value for a field of a struct; text and bytes are views, and the scratch owns lists.
  /// Errors: ConversionError for what no field can hold; the reader has not moved then.
  [[nodiscard]] mapping::Scalar scalar(mapping::Scratch& scratch);
  /// Passes over the next value, whatever it is, and checks that all of it is there.
  void skip() { skip(1); }
  void skip(std::size_t count);

 private:
  [[nodiscard]] std::uint8_t take();
  [[nodiscard]] const std::byte* take(std::size_t count);
  template <std::unsigned_integral T>
  [[nodiscard]] T number() {
    return load_big_endian<T>(take(sizeof(T)));
  }
  [[nodiscard]] std::size_t size(std::uint8_t byte, std::uint8_t tiny, std::uint8_t first, std::string_view what);
  /// A count of values, each of which takes `least` bytes or more.
  [[nodiscard]] std::size_t counted(std::size_t count, std::size_t least) const;
  [[nodiscard]] Value value(int depth);
  [[nodiscard]] List list(int depth);
  [[nodiscard]] Map map(int depth);
  [[nodiscard]] Value structured(int depth);
  [[nodiscard]] Value graph_value(Structure header, int depth);
  [[nodiscard]] Value temporal_value(Structure header);
  [[nodiscard]] Value other_value(Structure header, int depth);
  [[nodiscard]] Node node(std::size_t fields, int depth);
  [[nodiscard]] Relationship relationship(std::size_t fields, bool bound, int depth);
  [[nodiscard]] Path path(int depth);
  [[nodiscard]] Path walk(const std::vector<Node>& nodes, const std::vector<Relationship>& relationships);
  [[nodiscard]] DateTime date_time(std::uint8_t tag);
  [[nodiscard]] Vector vector();
  [[nodiscard]] std::int32_t small_integer(std::string_view what);

  const std::byte* next_;
  const std::byte* end_;
  Dialect dialect_;
};

/// Throws the Error for a server that does not keep to the protocol.
[[noreturn]] void throw_protocol_error(std::string_view what);

}  // namespace core_lib::neo4j::packstream
