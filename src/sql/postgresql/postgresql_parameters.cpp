// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_parameters.hpp"

#include <bit>
#include <cstring>
#include <limits>
#include <string_view>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/postgresql_types.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

[[noreturn]] void throw_parameter(std::size_t position, std::string_view why) {
  throw ConversionError("parameter " + std::to_string(position + 1) + " cannot be stored: " + std::string(why));
}

bool is_text(Kind kind) { return kind == Kind::text || kind == Kind::decimal || kind == Kind::json; }

std::int64_t from_epoch(std::size_t position, std::int64_t count, std::int64_t epoch, std::int64_t least,
                        std::int64_t most) {
  // The ends of the range stand for the infinities.
  if (count <= least + epoch || count >= most) throw_parameter(position, "PostgreSQL has no dates that far away");
  return count - epoch;
}

}  // namespace

void Parameters::assign(std::span<const Scalar> values) {
  values_.resize(values.size());
  lengths_.resize(values.size());
  formats_.resize(values.size());
  types_.resize(values.size());
  numbers_.resize(values.size());
  std::size_t text_size = 0;
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
}

void Parameters::set(std::size_t position, const Scalar& value) {
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
    case Kind::timestamp: {
      using Limits = std::numeric_limits<std::int64_t>;
      const std::int64_t since =
          from_epoch(position, value.as_integer(), epoch_microseconds, Limits::min(), Limits::max());
      return set_number(position, type::timestamptz, static_cast<std::uint64_t>(since), 8);
    }
    case Kind::date: {
      using Limits = std::numeric_limits<std::int32_t>;
      const std::int64_t since = from_epoch(position, value.as_integer(), epoch_days, Limits::min(), Limits::max());
      return set_number(position, type::date, static_cast<std::uint32_t>(since), 4);
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
  std::array<char, 8>& bytes = numbers_[position];
  for (std::size_t i = size; i-- > 0; bits >>= 8U) bytes[i] = static_cast<char>(bits & 0xFFU);
  set_binary(position, type, bytes.data(), size);
}

void Parameters::set_text(std::size_t position, Oid type, std::string_view text) {
  if (std::memchr(text.data(), 0, text.size()) != nullptr) {
    throw_parameter(position, "its text holds a NUL, which PostgreSQL's text has not; store it as bytes");
  }
  const std::size_t start = text_.size();
  text_.append(text);
  text_ += '\0';
  values_[position] = text_.data() + start;
  lengths_[position] = 0;
  formats_[position] = 0;
  types_[position] = type;
}

}  // namespace core_lib::sql::postgresql
