// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_parameters.hpp"

#include <algorithm>
#include <bit>
#include <limits>
#include <string_view>

#include "core_lib/error/error.hpp"

#include "sql/encode.hpp"
#include "sql/postgresql/network_order.hpp"
#include "sql/postgresql/postgresql_types.hpp"
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
      detail::throw_unstorable(position, "PostgreSQL has no dates that far away");
    case Kind::date:
      if (is_within<std::int32_t>(value.as_integer(), epoch_days)) return;
      detail::throw_unstorable(position, "PostgreSQL has no dates that far away");
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      if (value.as_text().find('\0') == std::string_view::npos) return;
      detail::throw_unstorable(position, "its text holds a NUL, which PostgreSQL's text has not; store it as bytes");
    default:
      return;
  }
}

void Parameters::Room::add(std::span<const Scalar> more) noexcept {
  values += more.size();
  for (const Scalar& value : more) {
    if (is_text(value.kind())) text += value.as_text().size() + 1;
  }
}

void Parameters::begin(const Room& room) {
  size_ = 0;
  lists_.clear();
  text_.clear();
  text_.reserve(room.text);  // so that it never moves
  if (room.values <= room_) return;
  block_ = std::make_unique_for_overwrite<std::byte[]>(
      room.values * (sizeof *values_ + sizeof *numbers_ + sizeof *lengths_ + sizeof *formats_ + sizeof *types_));
  room_ = room.values;
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

ParameterView Parameters::assign(std::span<const Scalar> values) {
  Room room;
  room.add(values);
  begin(room);
  return add(values);
}

ParameterView Parameters::add(std::span<const Scalar> values) {
  const std::size_t first = size_;
  for (std::size_t i = 0; i < values.size(); ++i, ++size_) set(i, values[i]);
  return {.size = static_cast<int>(values.size()),
          .values = values_ + first,
          .lengths = lengths_ + first,
          .formats = formats_ + first,
          .oids = types_ + first};
}

void Parameters::release() noexcept {
  constexpr std::size_t kept = 64 * 1024;
  if (text_.capacity() > kept) std::string().swap(text_);
  lists_.clear();
}

void Parameters::set(std::size_t position, const Scalar& value) {
  require_storable(value, position);
  const Oid type = type_of(value.kind());
  switch (value.kind()) {
    case Kind::null:
      values_[size_] = nullptr;
      types_[size_] = type;
      lengths_[size_] = formats_[size_] = 0;
      return;
    case Kind::boolean:
      return set_number(position, type, static_cast<std::int8_t>(value.as_boolean() ? 1 : 0));
    case Kind::integer:
      return set_number(position, type, value.as_integer());
    case Kind::real:
      return set_number(position, type, std::bit_cast<std::int64_t>(value.as_real()));
    case Kind::timestamp:
      return set_number(position, type, value.as_integer() - epoch_microseconds);
    case Kind::date:
      return set_number(position, type, static_cast<std::int32_t>(value.as_integer() - epoch_days));
    case Kind::duration:
      set_number(position, type, value.as_integer());
      // interval_send() of the server: microseconds, days, months.
      return set_binary(position, type, numbers_[size_].data(), numbers_[size_].size());
    case Kind::uuid:
    case Kind::blob:
      return set_binary(position, type, value.as_text().data(), value.as_text().size());
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      return set_text(type, value.as_text());
    case Kind::list:
      return set_list(position, value);
  }
}

void Parameters::set_binary(std::size_t position, Oid type, const char* data, std::size_t size) {
  if (size > static_cast<std::size_t>(std::numeric_limits<int>::max()) / 2) {
    detail::throw_unstorable(position, "PostgreSQL takes at most 1 GiB");
  }
  values_[size_] = data == nullptr ? "" : data;  // a null pointer would be NULL
  lengths_[size_] = static_cast<int>(size);
  formats_[size_] = 1;
  types_[size_] = type;
}

template <class Integer>
void Parameters::set_number(std::size_t position, Oid type, Integer number) {
  const auto bytes = network_order(number);
  numbers_[size_] = {};
  std::copy(bytes.begin(), bytes.end(), numbers_[size_].begin());
  set_binary(position, type, numbers_[size_].data(), bytes.size());
}

void Parameters::set_list(std::size_t position, const Scalar& value) {
  const std::span<const Scalar> list = value.as_list();
  const auto known = std::find_if(list.begin(), list.end(), [](const Scalar& each) { return !each.is_null(); });
  std::string& text = lists_.emplace_front();
  append_value_text(text, value, position);
  values_[size_] = text.c_str();
  lengths_[size_] = 0;
  formats_[size_] = 0;
  types_[size_] = known == list.end() ? type::inferred : array_type(type_of(known->kind()));
}

void Parameters::set_text(Oid type, std::string_view text) {
  const std::size_t start = text_.size();
  text_.append(text);
  text_ += '\0';
  values_[size_] = text_.data() + start;
  lengths_[size_] = 0;
  formats_[size_] = 0;
  types_[size_] = type;
}

}  // namespace core_lib::sql::postgresql
