// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/field_type.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::mapping {
namespace detail {

void throw_wrong_kind(std::string_view type, std::string_view accepted, Kind got) {
  if (got == Kind::null) {
    throw ConversionError("null does not fit " + std::string(type) + "; a std::optional takes it");
  }
  throw ConversionError(std::string(type) + " is read from " + std::string(accepted) + ", not from " +
                        std::string(to_string(got)));
}

void throw_unknown_name(std::string_view type) {
  throw ConversionError("the stored text is none of the names of " + std::string(type));
}

void throw_unnamed_value(std::string_view type) {
  throw ConversionError("the value has no name in EnumNames of " + std::string(type));
}

namespace {

template <class T>
Scalar encode_integer(const void* field) {
  const T value = *static_cast<const T*>(field);
  if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(std::int64_t)) {
    if (!std::in_range<std::int64_t>(value)) {
      throw ConversionError("a value of " + std::string(Codec<T>::name) +
                            " is out of range: databases store integers of 64 bits with a sign");
    }
  }
  return Scalar::integer(static_cast<std::int64_t>(value));
}

template <class T>
bool fits(std::int64_t value) {
  if constexpr (std::is_same_v<T, char>) {  // which std::in_range() does not take
    return value >= std::numeric_limits<char>::min() && value <= std::numeric_limits<char>::max();
  } else {
    return std::in_range<T>(value);
  }
}

// A sum is a decimal on some engines.
std::int64_t integer_of(const Scalar& value, std::string_view type) {
  if (value.kind() == Kind::integer || value.kind() == Kind::boolean) return value.as_integer();
  if (value.kind() != Kind::decimal) throw_wrong_kind(type, "integer", value.kind());
  const std::string_view text = value.as_text();
  std::int64_t integer = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw ConversionError("the stored decimal number is no integer of 64 bits");
  }
  return integer;
}

template <class T>
void decode_integer(const Scalar& value, void* field) {
  const std::int64_t integer = integer_of(value, Codec<T>::name);
  if (!fits<T>(integer)) {
    throw ConversionError("the stored integer is out of the range of " + std::string(Codec<T>::name));
  }
  *static_cast<T*>(field) = static_cast<T>(integer);
}

/// Integers only where they are exact in T; decimals as the nearest T, since an average is one on some engines.
template <class T>
double real_of(const Scalar& value) {
  if (value.kind() == Kind::real) return value.as_real();
  if (value.kind() == Kind::decimal) {
    const std::string_view text = value.as_text();
    double real = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
    if (error == std::errc() && end == text.data() + text.size()) return real;
    throw ConversionError("the stored decimal number is out of the range of " + std::string(type_name<T>()));
  }
  if (value.kind() != Kind::integer) throw_wrong_kind(type_name<T>(), "real", value.kind());
  constexpr std::int64_t exact = std::int64_t{1} << std::numeric_limits<T>::digits;
  if (value.as_integer() > exact || value.as_integer() < -exact) {
    throw ConversionError("the stored integer has no exact " + std::string(type_name<T>()));
  }
  return static_cast<double>(value.as_integer());
}

}  // namespace

template <class T, Kind K, std::uint8_t Bytes>
Scalar BuiltinCodec<T, K, Bytes>::encode(const void* field, Scratch&) {
  return encode_integer<T>(field);
}
template <class T, Kind K, std::uint8_t Bytes>
void BuiltinCodec<T, K, Bytes>::decode(const Scalar& value, void* field) {
  decode_integer<T>(value, field);
}

template struct BuiltinCodec<char, Kind::integer, 1>;
template struct BuiltinCodec<signed char, Kind::integer, 1>;
template struct BuiltinCodec<unsigned char, Kind::integer, 1>;
template struct BuiltinCodec<short, Kind::integer, 2>;
template struct BuiltinCodec<unsigned short, Kind::integer, 2>;
template struct BuiltinCodec<int, Kind::integer, 4>;
template struct BuiltinCodec<unsigned, Kind::integer, 4>;
template struct BuiltinCodec<long, Kind::integer, 8>;
template struct BuiltinCodec<unsigned long, Kind::integer, 8>;
template struct BuiltinCodec<long long, Kind::integer, 8>;
template struct BuiltinCodec<unsigned long long, Kind::integer, 8>;

template <>
Scalar BuiltinCodec<bool, Kind::boolean>::encode(const void* field, Scratch&) {
  return Scalar::boolean(*static_cast<const bool*>(field));
}
template <>
void BuiltinCodec<bool, Kind::boolean>::decode(const Scalar& value, void* field) {
  if (value.kind() != Kind::boolean && value.kind() != Kind::integer) {
    throw_wrong_kind("bool", "boolean or an integer 0 or 1", value.kind());
  }
  if (value.as_integer() != 0 && value.as_integer() != 1) {
    throw ConversionError("the stored integer is neither 0 nor 1, so it is no bool");
  }
  *static_cast<bool*>(field) = value.as_integer() != 0;
}

template <>
Scalar BuiltinCodec<double, Kind::real, 8>::encode(const void* field, Scratch&) {
  return Scalar::real(*static_cast<const double*>(field));
}
template <>
void BuiltinCodec<double, Kind::real, 8>::decode(const Scalar& value, void* field) {
  *static_cast<double*>(field) = real_of<double>(value);
}
template <>
Scalar BuiltinCodec<float, Kind::real, 4>::encode(const void* field, Scratch&) {
  return Scalar::real(static_cast<double>(*static_cast<const float*>(field)));
}
template <>
void BuiltinCodec<float, Kind::real, 4>::decode(const Scalar& value, void* field) {
  const double real = real_of<float>(value);
  if (std::isfinite(real) && std::abs(real) > static_cast<double>(std::numeric_limits<float>::max())) {
    throw ConversionError("the stored number is out of the range of float");
  }
  *static_cast<float*>(field) = static_cast<float>(real);
}

namespace {

// Of a string that is to grow, assign() takes twice the room and half as long again.
void assign(std::string& field, std::string_view text) {
  if (text.size() > field.capacity()) {
    field = std::string(text);
  } else {
    field.assign(text);
  }
}

}  // namespace

template <>
Scalar BuiltinCodec<std::string, Kind::text>::encode(const void* field, Scratch&) {
  return Scalar::text(*static_cast<const std::string*>(field));
}
template <>
void BuiltinCodec<std::string, Kind::text>::decode(const Scalar& value, void* field) {
  switch (value.kind()) {
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      assign(*static_cast<std::string*>(field), value.as_text());
      return;
    default:
      throw_wrong_kind("std::string", "text", value.kind());
  }
}

template <>
Scalar BuiltinCodec<std::vector<std::byte>, Kind::blob>::encode(const void* field, Scratch&) {
  return Scalar::blob(*static_cast<const std::vector<std::byte>*>(field));
}
template <>
void BuiltinCodec<std::vector<std::byte>, Kind::blob>::decode(const Scalar& value, void* field) {
  if (value.kind() != Kind::blob) throw_wrong_kind("std::vector<std::byte>", "blob", value.kind());
  const auto stored = value.as_bytes();
  static_cast<std::vector<std::byte>*>(field)->assign(stored.begin(), stored.end());
}

}  // namespace detail
}  // namespace core_lib::mapping
