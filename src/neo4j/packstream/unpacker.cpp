// SPDX-License-Identifier: Apache-2.0
#include "neo4j/packstream/unpacker.hpp"

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "neo4j/packstream/utf8.hpp"
#include "neo4j/scalar.hpp"

namespace core_lib::neo4j::packstream {
namespace {

Type type_of(std::uint8_t first) noexcept {
  if (first < 0x80 || first >= marker::least_tiny_int) return Type::integer;
  if (first < marker::tiny_list) return Type::string;
  if (first < marker::tiny_map) return Type::list;
  if (first < marker::structure) return Type::map;
  if (first < marker::null) return Type::structure;
  switch (first) {
    case marker::null:
      return Type::null;
    case marker::float_64:
      return Type::real;
    case marker::boolean_false:
    case marker::boolean_true:
      return Type::boolean;
    case marker::int_8:
    case marker::int_16:
    case marker::int_32:
    case marker::int_64:
      return Type::integer;
    case marker::bytes_8:
    case marker::bytes_8 + 1:
    case marker::bytes_8 + 2:
      return Type::bytes;
    case marker::string_8:
    case marker::string_8 + 1:
    case marker::string_8 + 2:
      return Type::string;
    case marker::list_8:
    case marker::list_8 + 1:
    case marker::list_8 + 2:
      return Type::list;
    case marker::map_8:
    case marker::map_8 + 1:
    case marker::map_8 + 2:
      return Type::map;
    default:
      return Type::unknown;
  }
}

[[noreturn]] void throw_unexpected(std::string_view wanted) {
  throw_protocol_error("something else came where " + std::string(wanted) + " was due");
}

}  // namespace

void throw_protocol_error(std::string_view what) {
  throw Error("the server does not keep to the Bolt protocol: " + std::string(what),
              {.status_code = 502, .breaks_connection = true});
}

std::uint8_t Unpacker::take() {
  if (next_ == end_) throw_protocol_error("a message ended too early");
  return std::to_integer<std::uint8_t>(*next_++);
}

const std::byte* Unpacker::take(std::size_t count) {
  if (count > static_cast<std::size_t>(end_ - next_)) throw_protocol_error("a message ended too early");
  const std::byte* const place = next_;
  next_ += count;
  return place;
}

Type Unpacker::peek() const {
  if (next_ == end_) throw_protocol_error("a message ended too early");
  return type_of(std::to_integer<std::uint8_t>(*next_));
}

bool Unpacker::boolean() {
  const std::uint8_t first = take();
  if (first != marker::boolean_true && first != marker::boolean_false) throw_unexpected("a boolean");
  return first == marker::boolean_true;
}

std::int64_t Unpacker::integer() {
  const std::uint8_t first = take();
  if (first < 0x80 || first >= marker::least_tiny_int) return static_cast<std::int8_t>(first);
  switch (first) {
    case marker::int_8:
      return static_cast<std::int8_t>(number<std::uint8_t>());
    case marker::int_16:
      return static_cast<std::int16_t>(number<std::uint16_t>());
    case marker::int_32:
      return static_cast<std::int32_t>(number<std::uint32_t>());
    case marker::int_64:
      return static_cast<std::int64_t>(number<std::uint64_t>());
    default:
      throw_unexpected("an integer");
  }
}

std::int32_t Unpacker::small_integer(std::string_view what) {
  const std::int64_t value = integer();
  if (!std::in_range<std::int32_t>(value)) throw_protocol_error(std::string(what) + " is out of range");
  return static_cast<std::int32_t>(value);
}

double Unpacker::real() {
  if (take() != marker::float_64) throw_unexpected("a float");
  return std::bit_cast<double>(number<std::uint64_t>());
}

std::size_t Unpacker::size(std::uint8_t byte, std::uint8_t tiny, std::uint8_t first, std::string_view what) {
  if (tiny != 0 && (byte & 0xF0U) == tiny) return byte & 0x0FU;
  if (byte == first) return number<std::uint8_t>();
  if (byte == first + 1) return number<std::uint16_t>();
  if (byte == first + 2) return number<std::uint32_t>();
  throw_unexpected(what);
}

std::size_t Unpacker::counted(std::size_t count, std::size_t least) const {
  if (count > static_cast<std::size_t>(end_ - next_) / least) throw_protocol_error("a message ended too early");
  return count;
}

std::string_view Unpacker::string() {
  const std::size_t length = size(take(), marker::tiny_string, marker::string_8, "text");
  return {reinterpret_cast<const char*>(take(length)), length};
}

std::span<const std::byte> Unpacker::bytes() {
  const std::size_t length = size(take(), 0, marker::bytes_8, "bytes");
  return {take(length), length};
}

std::size_t Unpacker::list_header() { return counted(size(take(), marker::tiny_list, marker::list_8, "a list"), 1); }
std::size_t Unpacker::map_header() { return counted(size(take(), marker::tiny_map, marker::map_8, "a map"), 2); }

Unpacker::Structure Unpacker::structure_header() {
  const std::uint8_t first = take();
  if ((first & 0xF0U) != marker::structure) throw_unexpected("a structure");
  const std::uint8_t tag = take();
  return {tag, counted(first & 0x0FU, 1)};
}

void Unpacker::skip(std::size_t count) {
  for (std::size_t left = counted(count, 1); left > 0; --left) {
    switch (peek()) {
      case Type::null:
      case Type::boolean:
        ++next_;
        break;
      case Type::integer:
        (void)integer();
        break;
      case Type::real:
        (void)take(9);
        break;
      case Type::string:
        (void)string();
        break;
      case Type::bytes:
        (void)bytes();
        break;
      case Type::list:
        left += list_header();
        break;
      case Type::map:
        for (std::size_t entries = map_header(), i = 0; i < 2 * entries; ++i) ++left;
        break;
      case Type::structure:
        left += structure_header().fields;
        break;
      case Type::unknown:
        throw_protocol_error("a value of an unknown kind");
    }
  }
}

Value Unpacker::value() {
  const std::byte* const start = next_;
  try {
    return value(0);
  } catch (const ConversionError&) {
    next_ = start;
    throw;
  }
}

Map Unpacker::map() { return map(0); }

Value Unpacker::value(int depth) {
  if (depth > most_depth) throw ConversionError("the value holds lists or maps more than 1000 levels deep");
  switch (peek()) {
    case Type::null:
      ++next_;
      return {};
    case Type::boolean:
      return boolean();
    case Type::integer:
      return integer();
    case Type::real:
      return real();
    case Type::string:
      return string();
    case Type::bytes: {
      const auto view = bytes();
      return Bytes(view.begin(), view.end());
    }
    case Type::list:
      return list(depth);
    case Type::map:
      return map(depth);
    case Type::structure:
      return structured(depth);
    case Type::unknown:
      break;
  }
  throw_protocol_error("a value of an unknown kind");
}

List Unpacker::list(int depth) {
  const std::size_t count = list_header();
  List list;
  list.reserve(count);
  for (std::size_t i = 0; i < count; ++i) list.push_back(value(depth + 1));
  return list;
}

Map Unpacker::map(int depth) {
  const std::size_t count = map_header();
  Map map;
  map.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::string key(string());
    map.append(std::move(key), value(depth + 1));
  }
  return map;
}

mapping::Scalar Unpacker::scalar(mapping::Scratch& scratch) {
  using mapping::Scalar;
  const std::byte* const start = next_;
  switch (peek()) {
    case Type::null:
      ++next_;
      return {};
    case Type::boolean:
      return Scalar::boolean(boolean());
    case Type::integer:
      return Scalar::integer(integer());
    case Type::real:
      return Scalar::real(real());
    case Type::string:
      return Scalar::text(string());
    case Type::bytes:
      return Scalar::blob(bytes());
    default:
      break;
  }
  try {
    if (peek() == Type::list) {
      std::vector<Scalar> values(list_header());
      for (Scalar& value : values) {
        if (peek() == Type::list)
          throw ConversionError("a list of lists does not fit a field; read it as a neo4j::Value");
        value = scalar(scratch);
      }
      return Scalar::list(scratch.keep(std::move(values)));
    }
    // What is left holds no text that a view would have to outlive: dates and instants, or else it is refused.
    return detail::scalar_of(value(), scratch);
  } catch (const ConversionError&) {
    next_ = start;
    throw;
  }
}

}  // namespace core_lib::neo4j::packstream
