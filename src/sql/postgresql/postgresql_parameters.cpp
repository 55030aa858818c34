// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_parameters.hpp"

#include <bit>
#include <limits>
#include <string_view>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/postgresql_types.hpp"
#include "sql/postgresql/value_text.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

[[noreturn]] void throw_parameter(std::size_t position, std::string_view why) {
  throw ConversionError("parameter " + std::to_string(position + 1) + " cannot be stored: " + std::string(why));
}

/// What a value says of the type that it goes to.
Oid type_of(Kind kind) {
  switch (kind) {
    case Kind::boolean:
      return type::boolean;
    case Kind::integer:
      return type::int8;
    case Kind::real:
      return type::float8;
    case Kind::timestamp:
      return type::timestamptz;
    case Kind::date:
      return type::date;
    case Kind::duration:
      return type::interval;
    case Kind::uuid:
      return type::uuid;
    case Kind::blob:
      return type::bytea;
    case Kind::decimal:
      return type::numeric;
    case Kind::json:
      return type::jsonb;
    default:
      return type::inferred;
  }
}

bool is_text(Kind kind) { return kind == Kind::text || kind == Kind::decimal || kind == Kind::json; }

void put_number(std::array<char, 16>& bytes, std::uint64_t bits, std::size_t size) {
  bytes = {};
  for (std::size_t i = size; i-- > 0; bits >>= 8U) bytes[i] = static_cast<char>(bits & 0xFFU);
}

/// The ends of the range stand for the infinities.
template <class Count>
bool is_within(std::int64_t count, std::int64_t epoch) {
  return count > std::numeric_limits<Count>::min() + epoch && count < std::numeric_limits<Count>::max();
}

}  // namespace

void require_storable(const Scalar& value, std::size_t position) {
  switch (value.kind()) {
    case Kind::timestamp:
      if (is_within<std::int64_t>(value.as_integer(), epoch_microseconds)) return;
      throw_parameter(position, "PostgreSQL has no dates that far away");
    case Kind::date:
      if (is_within<std::int32_t>(value.as_integer(), epoch_days)) return;
      throw_parameter(position, "PostgreSQL has no dates that far away");
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      if (value.as_text().find('\0') == std::string_view::npos) return;
      throw_parameter(position, "its text holds a NUL, which PostgreSQL's text has not; store it as bytes");
    default:
      return;
  }
}

void Parameters::resize(std::size_t size) {
  size_ = size;
  if (size <= room_) return;
  block_ = std::make_unique<std::byte[]>(
      size * (sizeof *values_ + sizeof *numbers_ + sizeof *lengths_ + sizeof *formats_ + sizeof *types_));
  room_ = size;
  std::byte* free = block_.get();
  const auto place = [&]<class T>(T*& array) {
    array = ::new (static_cast<void*>(free)) T[size]{};
    free += size * sizeof(T);
  };
  place(values_);
  place(numbers_);
  place(lengths_);
  place(formats_);
  place(types_);
}

void Parameters::assign(std::span<const Scalar> values) {
  resize(values.size());
  std::size_t text_size = 0;
  lists_.clear();
  for (const Scalar& value : values) {
    if (is_text(value.kind())) text_size += value.as_text().size() + 1;
  }
  text_.clear();
  text_.reserve(text_size);  // so that it never moves
  for (std::size_t i = 0; i < values.size(); ++i) set(i, values[i]);
}

void Parameters::release() noexcept {
  constexpr std::size_t kept = 64 * 1024;
  if (text_.capacity() > kept) std::string().swap(text_);
  lists_.clear();
}

void Parameters::set(std::size_t position, const Scalar& value) {
  require_storable(value, position);
  switch (value.kind()) {
    case Kind::null:
      values_[position] = nullptr;
      types_[position] = type::inferred;
      lengths_[position] = formats_[position] = 0;
      return;
    case Kind::boolean:
      return set_number(position, type::boolean, value.as_boolean() ? 1 : 0, 1);
    case Kind::integer:
      return set_number(position, type::int8, static_cast<std::uint64_t>(value.as_integer()), 8);
    case Kind::real:
      return set_number(position, type::float8, std::bit_cast<std::uint64_t>(value.as_real()), 8);
    case Kind::timestamp:
      return set_number(position, type::timestamptz,
                        static_cast<std::uint64_t>(value.as_integer() - epoch_microseconds), 8);
    case Kind::date:
      return set_number(position, type::date, static_cast<std::uint32_t>(value.as_integer() - epoch_days), 4);
    case Kind::duration: {
      // interval_send() of the server: microseconds, days, months.
      Number& bytes = numbers_[position];
      put_number(bytes, static_cast<std::uint64_t>(value.as_integer()), 8);
      return set_binary(position, type::interval, bytes.data(), bytes.size());
    }
    case Kind::uuid:
      return set_binary(position, type::uuid, value.as_text().data(), value.as_text().size());
    case Kind::blob:
      return set_binary(position, type::bytea, value.as_text().data(), value.as_text().size());
    case Kind::text:
      return set_text(position, type::inferred, value.as_text());
    case Kind::decimal:
      return set_text(position, type::numeric, value.as_text());
    case Kind::json:
      return set_text(position, type::jsonb, value.as_text());
    case Kind::list:
      return set_list(position, value);
  }
}

void Parameters::set_binary(std::size_t position, Oid type, const char* data, std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) {
    throw_parameter(position, "PostgreSQL takes at most 1 GiB");
  }
  values_[position] = data == nullptr ? "" : data;  // a null pointer would be NULL
  lengths_[position] = static_cast<int>(size);
  formats_[position] = 1;
  types_[position] = type;
}

void Parameters::set_number(std::size_t position, Oid type, std::uint64_t bits, std::size_t size) {
  Number& bytes = numbers_[position];
  put_number(bytes, bits, size);
  set_binary(position, type, bytes.data(), size);
}

void Parameters::set_list(std::size_t position, const Scalar& value) {
  Oid element = type::inferred;
  for (const Scalar& each : value.as_list()) {
    if (!each.is_null()) element = type_of(each.kind());
  }
  std::string& text = lists_.emplace_front();
  append_value_text(text, value, position);
  values_[position] = text.c_str();
  lengths_[position] = 0;
  formats_[position] = 0;
  types_[position] = array_type(element);
}

void Parameters::set_text(std::size_t position, Oid type, std::string_view text) {
  const std::size_t start = text_.size();
  text_.append(text);
  text_ += '\0';
  values_[position] = text_.data() + start;
  lengths_[position] = 0;
  formats_[position] = 0;
  types_[position] = type;
}

}  // namespace core_lib::sql::postgresql
