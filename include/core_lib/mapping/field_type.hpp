// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core_lib/mapping/field.hpp"

namespace core_lib {

/// The one way to store a type of your own: specialise it with
///   using stored = ...;                        a type that core_lib knows
///   static stored to_stored(const T&);
///   static T from_stored(stored);              may throw ConversionError
template <class T>
struct Convert;

/// Stores an enum by name: specialise it with `static constexpr std::pair<E, std::string_view> names[] = {...};`.
/// Without it an enum is stored as its integer.
template <class Enum>
struct EnumNames;

namespace mapping {

/// How values of T are encoded and decoded. Not for use: see field_type and Convert.
template <class T>
struct Codec {
  static_assert(sizeof(T) == 0,
                "core_lib: a field has a type that cannot be stored; specialise core_lib::Convert for it");
  // So that this is the only thing that the compiler has to say.
  static constexpr Kind kind = Kind::null;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = 0;
  static constexpr std::string_view name{};
  static Scalar encode(const void* field, Scratch& scratch);
  static void decode(const Scalar& value, void* field);
};

namespace detail {

/// What a codec of lists says of their values; null for all others.
template <class ListCodec>
[[nodiscard]] constexpr const FieldType* element_of() {
  if constexpr (requires { ListCodec::element; }) {
    return ListCodec::element;
  } else {
    return nullptr;
  }
}

}  // namespace detail

/// The erased description of T.
template <class T>
inline constexpr FieldType field_type{
    Codec<T>::kind,    Codec<T>::nullable, Codec<T>::bytes, Codec<T>::name, detail::element_of<Codec<T>>(),
    &Codec<T>::encode, &Codec<T>::decode};

namespace detail {

/// What all the codecs of types with one kind share; the functions are defined in src/, once per type.
template <class T, Kind K, std::uint8_t Bytes = 0>
struct BuiltinCodec {
  static constexpr Kind kind = K;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = Bytes;
  static Scalar encode(const void* field, Scratch& scratch);
  static void decode(const Scalar& value, void* field);
};

[[noreturn]] void throw_wrong_kind(std::string_view type, std::string_view accepted, Kind got);
[[noreturn]] void throw_unknown_name(std::string_view type);
[[noreturn]] void throw_unnamed_value(std::string_view type);

template <class T>
[[nodiscard]] constexpr std::string_view type_name() {
  constexpr std::string_view function = __PRETTY_FUNCTION__;
  constexpr std::size_t start = function.find("T = ") + 4;
  return function.substr(start, function.find_first_of(";]", start) - start);
}

/// One name for all integers of a width and sign, which compilers call differently.
[[nodiscard]] constexpr std::string_view integer_name(bool is_signed, std::size_t bytes) {
  switch (bytes) {
    case 1:
      return is_signed ? "std::int8_t" : "std::uint8_t";
    case 2:
      return is_signed ? "std::int16_t" : "std::uint16_t";
    case 4:
      return is_signed ? "std::int32_t" : "std::uint32_t";
    default:
      return is_signed ? "std::int64_t" : "std::uint64_t";
  }
}

}  // namespace detail

template <>
struct Codec<bool> : detail::BuiltinCodec<bool, Kind::boolean> {
  static constexpr std::string_view name = "bool";
};
template <class T>
concept StoredInteger =
    std::is_integral_v<T> && sizeof(T) <= 8 && !std::is_same_v<T, bool> && !std::is_same_v<T, wchar_t> &&
    !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;
template <StoredInteger T>
struct Codec<T> : detail::BuiltinCodec<T, Kind::integer, sizeof(T)> {
  static constexpr std::string_view name = detail::integer_name(std::is_signed_v<T>, sizeof(T));
};
template <>
struct Codec<float> : detail::BuiltinCodec<float, Kind::real, 4> {
  static constexpr std::string_view name = "float";
};
template <>
struct Codec<double> : detail::BuiltinCodec<double, Kind::real, 8> {
  static constexpr std::string_view name = "double";
};
template <>
struct Codec<std::string> : detail::BuiltinCodec<std::string, Kind::text> {
  static constexpr std::string_view name = "std::string";
};
template <>
struct Codec<std::vector<std::byte>> : detail::BuiltinCodec<std::vector<std::byte>, Kind::blob> {
  static constexpr std::string_view name = "std::vector<std::byte>";
};

/// Null is the empty optional.
template <class T>
struct Codec<std::optional<T>> {
  static constexpr Kind kind = Codec<T>::kind;
  static constexpr bool nullable = true;
  static constexpr std::uint8_t bytes = Codec<T>::bytes;
  static constexpr std::string_view name = Codec<T>::name;
  static constexpr const FieldType* element = detail::element_of<Codec<T>>();

  static Scalar encode(const void* field, Scratch& scratch) {
    const auto& value = *static_cast<const std::optional<T>*>(field);
    return value ? Codec<T>::encode(&*value, scratch) : Scalar{};
  }
  static void decode(const Scalar& scalar, void* field) {
    auto& value = *static_cast<std::optional<T>*>(field);
    if (scalar.is_null()) {
      value.reset();
    } else {
      Codec<T>::decode(scalar, value ? &*value : &value.emplace());
    }
  }
};

template <class T>
concept has_convert = requires { typename Convert<T>::stored; };
template <class T>
concept has_enum_names = requires { EnumNames<T>::names; };

template <class T>
  requires has_convert<T>
struct Codec<T> {
  using Stored = typename Convert<T>::stored;
  static constexpr Kind kind = Codec<Stored>::kind;
  static constexpr bool nullable = Codec<Stored>::nullable;
  static constexpr std::uint8_t bytes = Codec<Stored>::bytes;
  static constexpr std::string_view name = detail::type_name<T>();
  static constexpr const FieldType* element = detail::element_of<Codec<Stored>>();

  static Scalar encode(const void* field, Scratch& scratch) {
    const Stored stored = Convert<T>::to_stored(*static_cast<const T*>(field));
    return scratch.keep_copy(Codec<Stored>::encode(&stored, scratch));
  }
  static void decode(const Scalar& scalar, void* field) {
    Stored stored{};
    Codec<Stored>::decode(scalar, &stored);
    *static_cast<T*>(field) = Convert<T>::from_stored(std::move(stored));
  }
};

template <class T>
  requires(std::is_enum_v<T> && !has_convert<T> && !has_enum_names<T>)
struct Codec<T> {
  using Stored = std::underlying_type_t<T>;
  static_assert(
      requires { T{Stored{}}; },
      "core_lib: an enum is stored as its integer, which must be fixed, as in enum class Color : int; "
      "or specialise core_lib::EnumNames for it");
  static constexpr Kind kind = Codec<Stored>::kind;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = Codec<Stored>::bytes;
  static constexpr std::string_view name = detail::type_name<T>();

  static Scalar encode(const void* field, Scratch& scratch) { return Codec<Stored>::encode(field, scratch); }
  static void decode(const Scalar& scalar, void* field) {
    Stored stored{};
    Codec<Stored>::decode(scalar, &stored);
    *static_cast<T*>(field) = static_cast<T>(stored);
  }
};

template <class T>
  requires(has_enum_names<T> && !has_convert<T>)
struct Codec<T> {
  static constexpr Kind kind = Kind::text;
  static constexpr bool nullable = false;
  static constexpr std::uint8_t bytes = 0;
  static constexpr std::string_view name = detail::type_name<T>();

  static Scalar encode(const void* field, Scratch&) {
    for (const auto& [value, text] : EnumNames<T>::names) {
      if (value == *static_cast<const T*>(field)) return Scalar::text(text);
    }
    detail::throw_unnamed_value(name);
  }
  static void decode(const Scalar& scalar, void* field) {
    if (scalar.kind() != Kind::text) detail::throw_wrong_kind(name, "text", scalar.kind());
    for (const auto& [value, text] : EnumNames<T>::names) {
      if (text == scalar.as_text()) {
        *static_cast<T*>(field) = value;
        return;
      }
    }
    detail::throw_unknown_name(name);
  }
};

}  // namespace mapping
}  // namespace core_lib
