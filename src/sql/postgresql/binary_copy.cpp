// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/binary_copy.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/network_order.hpp"
#include "sql/postgresql/postgresql_parameters.hpp"
#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

[[noreturn]] void throw_out_of_range(std::size_t position) {
  throw ConversionError("value " + std::to_string(position + 1) + " of a row is out of the range of its column");
}

template <class Number>
void append_number(std::string& out, Number number) {
  const auto bytes = network_order(number);
  out.append(bytes.data(), bytes.size());
}

/// A value of a fixed size, behind that size.
template <class Number>
void append_field(std::string& out, Number number) {
  const auto size = network_order(static_cast<std::int32_t>(sizeof number));
  const auto bytes = network_order(number);
  std::array<char, size.size() + bytes.size()> field;
  std::copy(bytes.begin(), bytes.end(), std::copy(size.begin(), size.end(), field.begin()));
  out.append(field.data(), field.size());
}

/// @param version  what goes before the bytes, as part of the value
void append_bytes(std::string& out, std::string_view bytes, std::size_t position, std::string_view version = {}) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) / 2)
    throw_out_of_range(position);
  append_number(out, static_cast<std::int32_t>(version.size() + bytes.size()));
  out += version;
  out += bytes;
}

void encode_boolean(std::string& out, const Scalar& value, std::size_t) {
  append_field(out, static_cast<std::int8_t>(value.as_boolean() ? 1 : 0));
}
template <class Integer>
void encode_integer(std::string& out, const Scalar& value, std::size_t position) {
  if (!std::in_range<Integer>(value.as_integer())) throw_out_of_range(position);
  append_field(out, static_cast<Integer>(value.as_integer()));
}
void encode_double(std::string& out, const Scalar& value, std::size_t) {
  append_field(out, std::bit_cast<std::int64_t>(value.as_real()));
}
void encode_float(std::string& out, const Scalar& value, std::size_t position) {
  const double real = value.as_real();
  if (std::isfinite(real) && std::abs(real) > double{std::numeric_limits<float>::max()}) throw_out_of_range(position);
  append_field(out, std::bit_cast<std::int32_t>(static_cast<float>(real)));
}
void encode_text(std::string& out, const Scalar& value, std::size_t position) {
  require_storable(value, position);
  append_bytes(out, value.as_text(), position);
}
void encode_blob(std::string& out, const Scalar& value, std::size_t position) {
  append_bytes(out, value.as_text(), position);
}
// As jsonb_recv() of the server wants it.
void encode_jsonb(std::string& out, const Scalar& value, std::size_t position) {
  require_storable(value, position);
  append_bytes(out, value.as_text(), position, "\1");
}
void encode_timestamp(std::string& out, const Scalar& value, std::size_t position) {
  require_storable(value, position);
  append_field(out, value.as_integer() - epoch_microseconds);
}
void encode_date(std::string& out, const Scalar& value, std::size_t position) {
  require_storable(value, position);
  append_field(out, static_cast<std::int32_t>(value.as_integer() - epoch_days));
}
// interval_recv() of the server: microseconds, days, months.
void encode_interval(std::string& out, const Scalar& value, std::size_t) {
  append_number(out, std::int32_t{16});
  append_number(out, value.as_integer());
  append_number(out, std::int64_t{0});
}

}  // namespace

BinaryCopy::Encoder BinaryCopy::encoder(Oid type, Kind kind) noexcept {
  struct Known {
    Oid type;
    Kind kind;
    Encoder encoder;
  };
  static constexpr Known all[] = {{type::boolean, Kind::boolean, encode_boolean},
                                  {type::int2, Kind::integer, encode_integer<std::int16_t>},
                                  {type::int4, Kind::integer, encode_integer<std::int32_t>},
                                  {type::int8, Kind::integer, encode_integer<std::int64_t>},
                                  {type::float4, Kind::real, encode_float},
                                  {type::float8, Kind::real, encode_double},
                                  {type::text, Kind::text, encode_text},
                                  {type::varchar, Kind::text, encode_text},
                                  {type::bpchar, Kind::text, encode_text},
                                  {type::json, Kind::json, encode_text},
                                  {type::jsonb, Kind::json, encode_jsonb},
                                  {type::bytea, Kind::blob, encode_blob},
                                  {type::uuid, Kind::uuid, encode_blob},
                                  {type::timestamp, Kind::timestamp, encode_timestamp},
                                  {type::timestamptz, Kind::timestamp, encode_timestamp},
                                  {type::date, Kind::date, encode_date},
                                  {type::interval, Kind::duration, encode_interval}};
  for (const Known& known : all) {
    if (known.type == type && known.kind == kind) return known.encoder;
  }
  return nullptr;
}

std::optional<BinaryCopy> BinaryCopy::make(std::span<const mapping::Field* const> fields, const ColumnTypes& types) {
  BinaryCopy copy;
  for (const mapping::Field* const field : fields) {
    const auto type = types.find(std::string(field->name));
    const Encoder encoder = type == types.end() ? nullptr : BinaryCopy::encoder(type->second, field->type->kind);
    if (encoder == nullptr) return std::nullopt;
    copy.encoders_.push_back(encoder);
  }
  return copy;
}

void BinaryCopy::append_header(std::string& out) {
  constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
  out += signature;
  append_number(out, std::int64_t{0});  // no flags, no extension
}

void BinaryCopy::append_row(std::string& out, std::span<const Scalar> row) const {
  append_number(out, static_cast<std::int16_t>(row.size()));
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].is_null()) {
      append_number(out, std::int32_t{-1});
    } else {
      encoders_[i](out, row[i], i);
    }
  }
}

void BinaryCopy::append_end(std::string& out) { append_number(out, std::int16_t{-1}); }

}  // namespace core_lib::sql::postgresql
