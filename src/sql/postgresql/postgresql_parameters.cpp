// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_parameters.hpp"

#include <algorithm>
#include <bit>

#include "core_lib/error/error.hpp"

#include "sql/encode.hpp"
#include "sql/postgresql/network_order.hpp"
#include "sql/postgresql/value_text.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

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

}  // namespace

void require_storable(const Scalar& value, std::size_t position) {
  if (value.has_text() && !is_storable_size(value.as_text().size())) {
    detail::throw_unstorable(position, "PostgreSQL takes at most 1 GiB");
  }
  switch (value.kind()) {
    case Kind::timestamp:
      if (is_storable_instant(value.as_integer())) return;
      detail::throw_unstorable(position, "PostgreSQL has no dates that far away");
    case Kind::date:
      if (is_storable_date(value.as_integer())) return;
      detail::throw_unstorable(position, "PostgreSQL has no dates that far away");
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      if (is_storable_text(value.as_text())) return;
      detail::throw_unstorable(position, "its text holds a NUL, which PostgreSQL's text has not; store it as bytes");
    case Kind::list:
      for (const Scalar& element : value.as_list()) require_storable(element, position);
      return;
    default:
      return;
  }
}

void Parameters::make_room(std::size_t values) {
  block_ = std::make_unique_for_overwrite<std::byte[]>(
      values * (sizeof *values_ + sizeof *numbers_ + sizeof *lengths_ + sizeof *formats_ + sizeof *types_));
  room_ = values;
  std::byte* free = block_.get();
  const auto place = [&]<class T>(T*& array) {
    array = ::new (static_cast<void*>(free)) T[room_];
    free += room_ * sizeof(T);
  };
  place(values_);
  place(numbers_);
  place(lengths_);
  place(formats_);
  place(types_);
}

void Parameters::make_text_room(std::span<const Scalar> values) {
  std::size_t bytes = 0;
  for (const Scalar& value : values) {
    if (is_text(value.kind())) bytes += value.as_text().size() + 1;
  }
  if (bytes > text_room_) {
    bytes = std::max(bytes, 2 * text_room_);
    texts_ = std::make_unique_for_overwrite<char[]>(bytes);
    text_room_ = bytes;
  }
  text_ = texts_.get();
}

ParameterView Parameters::assign(std::span<const Scalar> values, Texts texts) {
  if (values.size() > room_) make_room(values.size());
  if (texts == Texts::copied) make_text_room(values);
  lists_.clear();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Scalar& value = values[i];
    switch (value.kind()) {
      case Kind::integer:
        set_number(i, type::int8, value.as_integer());
        break;
      case Kind::text:
      case Kind::decimal:
      case Kind::json:
        set_text(i, type_of(value.kind()), texts == Texts::copied ? copy(value.as_text()) : value.as_text().data());
        break;
      default:
        set(i, value);
    }
  }
  return {.size = static_cast<int>(values.size()),
          .values = values_,
          .lengths = lengths_,
          .formats = formats_,
          .oids = types_};
}

void Parameters::release() noexcept {
  constexpr std::size_t kept = 64 * 1024;
  if (text_room_ > kept) {
    texts_.reset();
    text_room_ = 0;
  }
  lists_.clear();
}

/// @pre it is no integer and no text
void Parameters::set(std::size_t position, const Scalar& value) {
  const Oid type = type_of(value.kind());
  switch (value.kind()) {
    case Kind::null:
      values_[position] = nullptr;
      types_[position] = type;
      lengths_[position] = formats_[position] = 0;
      return;
    case Kind::boolean:
      return set_number(position, type, static_cast<std::int8_t>(value.as_boolean() ? 1 : 0));
    case Kind::real:
      return set_number(position, type, std::bit_cast<std::int64_t>(value.as_real()));
    case Kind::timestamp:
      return set_number(position, type, value.as_integer() - epoch_microseconds);
    case Kind::date:
      return set_number(position, type, static_cast<std::int32_t>(value.as_integer() - epoch_days));
    case Kind::duration:
      numbers_[position] = {};
      set_number(position, type, value.as_integer());
      // interval_send() of the server: microseconds, days, months.
      return set_binary(position, type, numbers_[position].data(), numbers_[position].size());
    case Kind::uuid:
    case Kind::blob:
      return set_binary(position, type, value.as_text().data(), value.as_text().size());
    case Kind::list:
      return set_list(position, value);
    default:
      return;
  }
}

inline void Parameters::set_binary(std::size_t position, Oid type, const char* data, std::size_t size) {
  values_[position] = data == nullptr ? "" : data;  // a null pointer would be NULL
  lengths_[position] = static_cast<int>(size);
  formats_[position] = 1;
  types_[position] = type;
}

template <class Integer>
inline void Parameters::set_number(std::size_t position, Oid type, Integer number) {
  const auto bytes = network_order(number);
  std::copy(bytes.begin(), bytes.end(), numbers_[position].begin());
  set_binary(position, type, numbers_[position].data(), bytes.size());
}

void Parameters::set_list(std::size_t position, const Scalar& value) {
  const std::span<const Scalar> list = value.as_list();
  const auto known = std::find_if(list.begin(), list.end(), [](const Scalar& each) { return !each.is_null(); });
  std::string& text = lists_.emplace_front();
  append_value_text(text, value, position);
  values_[position] = text.c_str();
  lengths_[position] = 0;
  formats_[position] = 0;
  types_[position] = known == list.end() ? type::inferred : array_type(type_of(known->kind()));
}

const char* Parameters::copy(std::string_view text) {
  char* const start = text_;
  text_ = std::copy(text.begin(), text.end(), text_);
  *text_++ = '\0';
  return start;
}

inline void Parameters::set_text(std::size_t position, Oid type, const char* text) {
  values_[position] = text;
  lengths_[position] = 0;
  formats_[position] = 0;
  types_[position] = type;
}

}  // namespace core_lib::sql::postgresql
