// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/field_type.hpp"

#include <limits>
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
      throw ConversionError("a value of " + std::string(type_name<T>()) +
                            " is out of range: databases store integers of 64 bits with a sign");
    }
  }
  return Scalar::integer(static_cast<std::int64_t>(value));
}

template <class T>
bool fits(std::int64_t value) {
  if constexpr (std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
                std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>) {
    return value >= static_cast<std::int64_t>(std::numeric_limits<T>::min()) &&
           value <= static_cast<std::int64_t>(std::numeric_limits<T>::max());
  } else {
    return std::in_range<T>(value);
  }
}

template <class T>
void decode_integer(const Scalar& value, void* field) {
  if (value.kind() != Kind::integer && value.kind() != Kind::boolean) {
    throw_wrong_kind(type_name<T>(), "integer", value.kind());
  }
  if (!fits<T>(value.as_integer())) {
    throw ConversionError("the stored integer is out of the range of " + std::string(type_name<T>()));
  }
  *static_cast<T*>(field) = static_cast<T>(value.as_integer());
}

// 2^53: beyond it not every integer has a double.
constexpr std::int64_t exact_in_double = std::int64_t{1} << 53;

double real_of(const Scalar& value, std::string_view type) {
  if (value.kind() == Kind::real) return value.as_real();
  if (value.kind() != Kind::integer) throw_wrong_kind(type, "real", value.kind());
  if (value.as_integer() > exact_in_double || value.as_integer() < -exact_in_double) {
    throw ConversionError("the stored integer has no exact " + std::string(type));
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
  *static_cast<double*>(field) = real_of(value, "double");
}
template <>
Scalar BuiltinCodec<float, Kind::real, 4>::encode(const void* field, Scratch&) {
  return Scalar::real(static_cast<double>(*static_cast<const float*>(field)));
}
template <>
void BuiltinCodec<float, Kind::real, 4>::decode(const Scalar& value, void* field) {
  *static_cast<float*>(field) = static_cast<float>(real_of(value, "float"));
}

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
      static_cast<std::string*>(field)->assign(value.as_text());
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
