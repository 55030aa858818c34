// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/binary_copy.hpp"

#include <bit>
#include <chrono>
#include <cmath>
#include <concepts>
#include <limits>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/field_type.hpp"

#include "sql/postgresql/postgresql_parameters.hpp"
#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

[[noreturn]] void throw_out_of_range(std::size_t position) {
  throw ConversionError("value " + std::to_string(position + 1) + " of a row is out of the range of its column");
}

/// A value of a fixed size, behind that size.
template <class Number>
void put_number(CopyBuffer& out, Number number) {
  out.put(static_cast<std::int32_t>(sizeof number));
  out.put(number);
}

/// @param version  what goes before the bytes, as part of the value
void put_bytes(CopyBuffer& out, std::string_view bytes, std::string_view version = {}) {
  out.put(static_cast<std::int32_t>(version.size() + bytes.size()));
  out.append(version);
  out.append(bytes);
}

void put_null(CopyBuffer& out) { out.put(std::int32_t{-1}); }

void encode_boolean(CopyBuffer& out, const Scalar& value, std::size_t) {
  put_number(out, static_cast<std::int8_t>(value.as_boolean() ? 1 : 0));
}
template <class Integer>
void encode_integer(CopyBuffer& out, const Scalar& value, std::size_t position) {
  if (!std::in_range<Integer>(value.as_integer())) throw_out_of_range(position);
  put_number(out, static_cast<Integer>(value.as_integer()));
}
void encode_double(CopyBuffer& out, const Scalar& value, std::size_t) {
  put_number(out, std::bit_cast<std::int64_t>(value.as_real()));
}
void encode_float(CopyBuffer& out, const Scalar& value, std::size_t position) {
  const double real = value.as_real();
  if (std::isfinite(real) && std::abs(real) > double{std::numeric_limits<float>::max()}) throw_out_of_range(position);
  put_number(out, std::bit_cast<std::int32_t>(static_cast<float>(real)));
}
void encode_bytes(CopyBuffer& out, const Scalar& value, std::size_t) { put_bytes(out, value.as_text()); }
// As jsonb_recv() of the server wants it.
void encode_jsonb(CopyBuffer& out, const Scalar& value, std::size_t) { put_bytes(out, value.as_text(), "\1"); }
void encode_timestamp(CopyBuffer& out, const Scalar& value, std::size_t) {
  put_number(out, value.as_integer() - epoch_microseconds);
}
void encode_date(CopyBuffer& out, const Scalar& value, std::size_t) {
  put_number(out, static_cast<std::int32_t>(value.as_integer() - epoch_days));
}
// interval_recv() of the server: microseconds, days, months.
void encode_interval(CopyBuffer& out, const Scalar& value, std::size_t) {
  out.put(std::int32_t{16});
  out.put(value.as_integer());
  out.put(std::int64_t{0});
}

// The usual fields, as they lie in an entity.
void put_value(CopyBuffer& out, bool value, std::size_t) { put_number(out, static_cast<std::int8_t>(value ? 1 : 0)); }
template <std::signed_integral Integer>
void put_value(CopyBuffer& out, Integer value, std::size_t) {
  put_number(out, value);
}
void put_value(CopyBuffer& out, float value, std::size_t) { put_number(out, std::bit_cast<std::int32_t>(value)); }
void put_value(CopyBuffer& out, double value, std::size_t) { put_number(out, std::bit_cast<std::int64_t>(value)); }
void put_value(CopyBuffer& out, const std::string& value, std::size_t position) {
  if (!is_storable_text(value)) [[unlikely]] {
    require_storable(Scalar::text(value), position);
  }
  put_bytes(out, value);
}
void put_value(CopyBuffer& out, const Instant& value, std::size_t position) {
  const std::int64_t microseconds = value.time_since_epoch().count();
  if (!is_storable_instant(microseconds)) [[unlikely]] {
    require_storable(Scalar::timestamp(microseconds), position);
  }
  put_number(out, microseconds - epoch_microseconds);
}

template <class T>
void put_field(CopyBuffer& out, const void* field, std::size_t position) {
  put_value(out, *static_cast<const T*>(field), position);
}
template <class T>
void put_optional(CopyBuffer& out, const void* field, std::size_t position) {
  const auto& value = *static_cast<const std::optional<T>*>(field);
  if (value) {
    put_value(out, *value, position);
  } else {
    put_null(out);
  }
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
                                  {type::text, Kind::text, encode_bytes},
                                  {type::varchar, Kind::text, encode_bytes},
                                  {type::bpchar, Kind::text, encode_bytes},
                                  {type::json, Kind::json, encode_bytes},
                                  {type::jsonb, Kind::json, encode_jsonb},
                                  {type::bytea, Kind::blob, encode_bytes},
                                  {type::uuid, Kind::uuid, encode_bytes},
                                  {type::timestamp, Kind::timestamp, encode_timestamp},
                                  {type::timestamptz, Kind::timestamp, encode_timestamp},
                                  {type::date, Kind::date, encode_date},
                                  {type::interval, Kind::duration, encode_interval}};
  for (const Known& known : all) {
    if (known.type == type && known.kind == kind) return known.encoder;
  }
  return nullptr;
}

BinaryCopy::Put BinaryCopy::put(const mapping::FieldType& field, Oid type) noexcept {
  struct Known {
    Oid type;
    const mapping::FieldType* plain;
    const mapping::FieldType* optional;
    Put put;
    Put put_optional;
  };
  constexpr auto known = []<class T>(Oid oid, std::type_identity<T>) {
    return Known{oid, &mapping::field_type<T>, &mapping::field_type<std::optional<T>>, put_field<T>, put_optional<T>};
  };
  static constexpr Known all[] = {
      known(type::boolean, std::type_identity<bool>()),      known(type::int2, std::type_identity<std::int16_t>()),
      known(type::int4, std::type_identity<std::int32_t>()), known(type::int8, std::type_identity<std::int64_t>()),
      known(type::float4, std::type_identity<float>()),      known(type::float8, std::type_identity<double>()),
      known(type::text, std::type_identity<std::string>()),  known(type::varchar, std::type_identity<std::string>()),
      known(type::timestamp, std::type_identity<Instant>()), known(type::timestamptz, std::type_identity<Instant>())};
  for (const Known& each : all) {
    if (each.type != type) continue;
    if (each.plain == &field) return each.put;
    if (each.optional == &field) return each.put_optional;
  }
  return nullptr;
}

std::optional<BinaryCopy> BinaryCopy::make(std::span<const mapping::Field* const> fields, const ColumnTypes& types) {
  BinaryCopy copy;
  copy.is_direct_ = true;
  for (const mapping::Field* const field : fields) {
    const auto type = types.find(std::string(field->name));
    const Encoder encoder = type == types.end() ? nullptr : BinaryCopy::encoder(type->second, field->type->kind);
    if (encoder == nullptr) return std::nullopt;
    const Put put = BinaryCopy::put(*field->type, type->second);
    copy.columns_.push_back({field->offset, put, encoder});
    copy.is_direct_ = copy.is_direct_ && put != nullptr;
  }
  return copy;
}

void BinaryCopy::append_header(CopyBuffer& out) {
  constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
  out.append(signature);
  out.begin_row(sizeof(std::int64_t));
  out.put(std::int64_t{0});  // no flags, no extension
}

void BinaryCopy::begin_row(CopyBuffer& out) const {
  constexpr std::size_t longest = 20;  // a length and an interval
  out.begin_row(sizeof(std::int16_t) + columns_.size() * longest);
  out.put(static_cast<std::int16_t>(columns_.size()));
}

void BinaryCopy::append_row(CopyBuffer& out, driver::RowSource& rows, const void* entity) const {
  if (!is_direct_) {
    append_values(out, rows.values());
    return;
  }
  begin_row(out);
  std::size_t position = 0;
  for (const Column& column : columns_) {
    column.put(out, static_cast<const std::byte*>(entity) + column.offset, position++);
  }
}

void BinaryCopy::append_values(CopyBuffer& out, std::span<const Scalar> row) const {
  require_storable(row);
  begin_row(out);
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].is_null()) {
      put_null(out);
    } else {
      columns_[i].encode(out, row[i], i);
    }
  }
}

void BinaryCopy::append_end(CopyBuffer& out) {
  out.begin_row(sizeof(std::int16_t));
  out.put(std::int16_t{-1});
}

}  // namespace core_lib::sql::postgresql
