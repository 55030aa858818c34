// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/field_type.hpp"

#include "sql/postgresql/network_order.hpp"
#include "sql/postgresql/postgresql_numeric.hpp"
#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Scalar;

[[noreturn]] void throw_unreadable(std::string_view what) {
  throw ConversionError("the server sent " + std::string(what) + " that cannot be read");
}

template <class T>
T big_endian(std::string_view bytes) {
  if (bytes.size() != sizeof(T)) throw_unreadable("a binary value of a wrong size");
  return from_network_order<T>(bytes.data());
}

template <class T>
Scalar binary_integer(std::string_view bytes, RowBuffer&) {
  return Scalar::integer(static_cast<std::int64_t>(big_endian<T>(bytes)));
}
Scalar binary_boolean(std::string_view bytes, RowBuffer&) {
  return Scalar::boolean(big_endian<std::int8_t>(bytes) != 0);
}
Scalar binary_float(std::string_view bytes, RowBuffer&) {
  return Scalar::real(static_cast<double>(std::bit_cast<float>(big_endian<std::uint32_t>(bytes))));
}
Scalar binary_double(std::string_view bytes, RowBuffer&) {
  return Scalar::real(std::bit_cast<double>(big_endian<std::uint64_t>(bytes)));
}
Scalar binary_blob(std::string_view bytes, RowBuffer&) {
  return Scalar::blob({reinterpret_cast<const std::byte*>(bytes.data()), bytes.size()});
}
Scalar binary_text(std::string_view bytes, RowBuffer&) { return Scalar::text(bytes); }
Scalar binary_json(std::string_view bytes, RowBuffer&) { return Scalar::json(bytes); }
Scalar binary_jsonb(std::string_view bytes, RowBuffer&) {
  if (!bytes.starts_with('\1')) throw_unreadable("JSON of an unknown version");
  return Scalar::json(bytes.substr(1));
}
Scalar binary_uuid(std::string_view bytes, RowBuffer&) {
  if (bytes.size() != 16) throw_unreadable("a UUID");
  return Scalar::uuid(std::span<const std::byte, 16>(reinterpret_cast<const std::byte*>(bytes.data()), 16));
}

[[noreturn]] void throw_infinite() { throw ConversionError("the stored time is infinite, or beyond what fits"); }

Scalar binary_timestamp(std::string_view bytes, RowBuffer&) {
  const auto since = big_endian<std::int64_t>(bytes);
  using Limits = std::numeric_limits<std::int64_t>;
  if (since == Limits::min() || since > Limits::max() - epoch_microseconds) throw_infinite();
  return Scalar::timestamp(since + epoch_microseconds);
}
Scalar binary_date(std::string_view bytes, RowBuffer&) {
  const auto since = big_endian<std::int32_t>(bytes);
  using Limits = std::numeric_limits<std::int32_t>;
  if (since == Limits::min() || since == Limits::max()) throw_infinite();
  return Scalar::date(since + epoch_days);
}
Scalar binary_numeric(std::string_view bytes, RowBuffer& buffer) {
  std::string& text = buffer.next();
  if (!format_numeric(bytes, text)) throw_unreadable("a number");
  return Scalar::decimal(text);
}

template <class T>
T parse(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw_unreadable("a number");
  return value;
}

Scalar text_boolean(std::string_view text, RowBuffer&) { return Scalar::boolean(text == "t"); }
Scalar text_integer(std::string_view text, RowBuffer&) { return Scalar::integer(parse<std::int64_t>(text)); }
Scalar text_float(std::string_view text, RowBuffer&) { return Scalar::real(static_cast<double>(parse<float>(text))); }
Scalar text_double(std::string_view text, RowBuffer&) { return Scalar::real(parse<double>(text)); }
Scalar text_json(std::string_view text, RowBuffer&) { return Scalar::json(text); }
Scalar text_numeric(std::string_view text, RowBuffer&) { return Scalar::decimal(text); }

void append_hex(std::string_view digits, std::string& bytes) {
  const auto value = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    throw_unreadable("bytes");
  };
  if (digits.size() % 2 != 0) throw_unreadable("bytes");
  bytes.resize(digits.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(value(digits[2 * i]) * 16 + value(digits[2 * i + 1]));
  }
}

Scalar text_blob(std::string_view text, RowBuffer& buffer) {
  if (!text.starts_with("\\x")) throw_unreadable("bytes");
  std::string& bytes = buffer.next();
  append_hex(text.substr(2), bytes);
  return binary_blob(bytes, buffer);
}
Scalar text_uuid(std::string_view text, RowBuffer& buffer) {
  std::string digits(text);
  digits.erase(std::remove(digits.begin(), digits.end(), '-'), digits.end());
  std::string& bytes = buffer.next();
  append_hex(digits, bytes);
  return binary_uuid(bytes, buffer);
}
/// "0044-03-15 BC" as the year -43, which is how astronomers count.
std::string_view astronomical(std::string_view text, RowBuffer& buffer) {
  if (!text.ends_with(" BC")) return text;
  text.remove_suffix(3);
  const std::size_t dash = text.find('-');
  std::string year = std::to_string(parse<int>(text.substr(0, dash)) - 1);
  if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
  std::string& counted = buffer.next();
  if (year != "0000") counted += '-';
  counted += year;
  return counted += text.substr(dash);
}

Scalar text_timestamp(std::string_view text, RowBuffer& buffer) {
  const std::optional<std::int64_t> microseconds = mapping::parse_timestamp(astronomical(text, buffer));
  if (!microseconds) throw_infinite();
  return Scalar::timestamp(*microseconds);
}
Scalar text_date(std::string_view text, RowBuffer& buffer) {
  const std::optional<std::int64_t> days = mapping::parse_date(astronomical(text, buffer));
  if (!days) throw_infinite();
  return Scalar::date(*days);
}

// --- Arrays ---

/// The next bytes of a binary value.
std::string_view take_bytes(std::string_view& bytes, std::size_t size) {
  if (bytes.size() < size) throw_unreadable("an array");
  const std::string_view taken = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return taken;
}
std::int32_t take_int(std::string_view& bytes) { return big_endian<std::int32_t>(take_bytes(bytes, 4)); }

[[noreturn]] void throw_dimensions() {
  throw ConversionError("the stored array has more than one dimension, and a list has one");
}

// array_send() of the server: dimensions, a flag, the type of the values, size and lower bound of each dimension.
Scalar binary_list(std::string_view bytes, RowBuffer& buffer) {
  const std::int32_t dimensions = take_int(bytes);
  take_int(bytes);
  const Decoder decode = binary_decoder(static_cast<Oid>(take_int(bytes)));
  if (dimensions == 0) return Scalar::list({});
  if (dimensions != 1) throw_dimensions();
  const std::int32_t size = take_int(bytes);
  take_int(bytes);
  // Each value has four bytes for its length.
  if (size < 0 || static_cast<std::size_t>(size) > bytes.size() / 4 || decode == nullptr) throw_unreadable("an array");
  std::vector<Scalar> values(static_cast<std::size_t>(size));
  for (Scalar& value : values) {
    const std::int32_t length = take_int(bytes);
    if (length >= 0) value = decode(take_bytes(bytes, static_cast<std::size_t>(length)), buffer);
  }
  return Scalar::list(buffer.keep(std::move(values)));
}

/// The next value of an array's literal, unquoted; nothing for NULL.
std::optional<std::string_view> take_text_value(std::string_view& text, RowBuffer& buffer) {
  if (!text.starts_with('"')) {
    const std::string_view word = text.substr(0, text.find_first_of(",}"));
    text.remove_prefix(word.size());
    return word == "NULL" ? std::nullopt : std::optional(word);
  }
  std::string& value = buffer.next();
  for (text.remove_prefix(1); !text.starts_with('"'); text.remove_prefix(1)) {
    if (text.starts_with('\\')) text.remove_prefix(1);
    if (text.empty()) throw_unreadable("an array");
    value += text.front();
  }
  text.remove_prefix(1);
  return value;
}

Scalar read_text_list(std::string_view text, Decoder decode, RowBuffer& buffer) {
  if (text.starts_with('[')) text.remove_prefix(text.find('=') + 1);  // bounds that do not begin at 1
  std::vector<Scalar> values;
  if (!text.starts_with('{') || !text.ends_with('}')) throw_unreadable("an array");
  text.remove_prefix(1);
  while (text != "}") {
    if (text.starts_with('{')) throw_dimensions();
    const std::optional<std::string_view> value = take_text_value(text, buffer);
    values.push_back(value ? decode(*value, buffer) : Scalar());
    if (text.starts_with(',')) {
      text.remove_prefix(1);
    } else if (text != "}") {
      throw_unreadable("an array");
    }
  }
  return Scalar::list(buffer.keep(std::move(values)));
}

template <std::size_t Index>
Scalar text_list(std::string_view text, RowBuffer& buffer) {
  return read_text_list(text, text_decoder(array_types[Index].element), buffer);
}
template <std::size_t... Indices>
constexpr auto make_list_decoders(std::index_sequence<Indices...>) {
  return std::array<Decoder, sizeof...(Indices)>{text_list<Indices>...};
}
constexpr auto list_decoders = make_list_decoders(std::make_index_sequence<std::size(array_types)>());

}  // namespace

Decoder binary_decoder(Oid oid) noexcept {
  switch (oid) {
    case type::boolean:
      return binary_boolean;
    case type::bytea:
      return binary_blob;
    case type::int8:
      return binary_integer<std::int64_t>;
    case type::int4:
      return binary_integer<std::int32_t>;
    case type::int2:
      return binary_integer<std::int16_t>;
    case type::oid:
      return binary_integer<std::uint32_t>;
    case type::float4:
      return binary_float;
    case type::float8:
      return binary_double;
    case type::single_char:
    case type::name:
    case type::text:
    case type::unknown:
    case type::bpchar:
    case type::varchar:
      return binary_text;
    case type::json:
      return binary_json;
    case type::jsonb:
      return binary_jsonb;
    case type::date:
      return binary_date;
    case type::timestamp:
    case type::timestamptz:
      return binary_timestamp;
    case type::numeric:
      return binary_numeric;
    case type::uuid:
      return binary_uuid;
    default:
      return element_type(oid) != type::inferred && binary_decoder(element_type(oid)) != nullptr ? binary_list
                                                                                                 : nullptr;
  }
}

Decoder text_decoder(Oid oid) noexcept {
  switch (oid) {
    case type::boolean:
      return text_boolean;
    case type::bytea:
      return text_blob;
    case type::int8:
    case type::int4:
    case type::int2:
    case type::oid:
      return text_integer;
    case type::float4:
      return text_float;
    case type::float8:
      return text_double;
    case type::json:
    case type::jsonb:
      return text_json;
    case type::date:
      return text_date;
    case type::timestamp:
    case type::timestamptz:
      return text_timestamp;
    case type::numeric:
      return text_numeric;
    case type::uuid:
      return text_uuid;
    default:
      for (std::size_t i = 0; i < std::size(array_types); ++i) {
        if (array_types[i].array == oid) return list_decoders[i];
      }
      return binary_text;
  }
}

namespace {

struct Pair {
  Decoder decoder;
  void (*decode)(const Scalar& value, void* field);
  Assign assign;
};

// The compiler sees both functions here, and leaves out what lies between them.
template <Decoder Decode, class Field>
constexpr Pair pair = {Decode, &mapping::Codec<Field>::decode,
                       [](std::string_view bytes, RowBuffer& buffer, void* field) {
                         mapping::Codec<Field>::decode(Decode(bytes, buffer), field);
                       }};

using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;
constexpr Pair pairs[] = {
    pair<binary_integer<std::int64_t>, std::int64_t>,
    pair<binary_integer<std::int64_t>, std::optional<std::int64_t>>,
    pair<binary_integer<std::int32_t>, std::int32_t>,
    pair<binary_integer<std::int32_t>, std::optional<std::int32_t>>,
    pair<binary_text, std::string>,
    pair<binary_text, std::optional<std::string>>,
    pair<binary_boolean, bool>,
    pair<binary_boolean, std::optional<bool>>,
    pair<binary_double, double>,
    pair<binary_double, std::optional<double>>,
    pair<binary_timestamp, Microseconds>,
    pair<binary_timestamp, std::optional<Microseconds>>,
};

}  // namespace

Assign assign_of(Decoder decoder, const mapping::FieldReader& reader) noexcept {
  const auto* const found = std::find_if(std::begin(pairs), std::end(pairs), [&](const Pair& pair) {
    return pair.decoder == decoder && pair.decode == reader.decode;
  });
  return found == std::end(pairs) ? nullptr : found->assign;
}

}  // namespace core_lib::sql::postgresql
