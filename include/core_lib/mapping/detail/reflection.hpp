// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "core_lib/mapping/detail/visit_fields.hpp"

namespace core_lib::mapping::detail {

struct AnyValue {
  template <class T>
  operator T() const noexcept;  // NOLINT: stands for a value of any field, never defined
};
template <std::size_t>
using AnyValueAt = AnyValue;

template <class T, std::size_t... I>
constexpr bool takes_values(std::index_sequence<I...>) {
  return requires { T{AnyValueAt<I>{}...}; };
}

/// How many fields an aggregate has; most_fields + 1 where it has more.
template <class T, std::size_t N = 1>
constexpr std::size_t count_fields() {
  if constexpr (N <= most_fields + 1 && takes_values<T>(std::make_index_sequence<N>())) {
    return count_fields<T, N + 1>();
  } else {
    return N - 1;
  }
}

template <class T, std::size_t... Before, std::size_t... After>
constexpr bool takes_empty_between(std::index_sequence<Before...>, std::index_sequence<After...>) {
  return requires { T{AnyValueAt<Before>{}..., {}, AnyValueAt<After>{}...}; };
}
/// False where a field is an array, whose elements count_fields() counts, or cannot be made without a value.
template <class T, std::size_t Count>
constexpr bool fields_begin_empty() {
  return []<std::size_t... I>(std::index_sequence<I...>) {
    return (takes_empty_between<T>(std::make_index_sequence<I>(), std::make_index_sequence<Count - 1 - I>()) && ...);
  }(std::make_index_sequence<Count>());
}

/// An object that is never made: its fields have addresses, and the compiler prints those with their names.
template <class T>
struct Unmade {
  T value;
};
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-internal"  // for types of an anonymous namespace
#endif
template <class T>
extern const Unmade<T> unmade;
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

template <class Field>
struct FieldAddress {
  const Field* address;
};
template <class Field>
FieldAddress(const Field*) -> FieldAddress<Field>;

/// All names at once, so that a struct costs one such function and not one per field.
template <auto... Addresses>
consteval std::string_view printed_names() {
  return __PRETTY_FUNCTION__;
}

template <class T, std::size_t... I>
consteval std::string_view printed_field_names(std::index_sequence<I...>) {
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wundefined-var-template"
#endif
  constexpr auto addresses = visit_fields<sizeof...(I)>(
      unmade<T>.value, [](const auto&... fields) { return std::tuple(FieldAddress{&fields}...); });
#if defined(__clang__)
#pragma clang diagnostic pop
#endif
  return printed_names<std::get<I>(addresses)...>();
}

/// Cuts the `index`-th name out of what printed_names() gave.
[[nodiscard]] std::string_view cut_name(std::string_view printed, std::size_t index);

template <auto Member>
consteval std::string_view printed_member() {
  return __PRETTY_FUNCTION__;
}
/// Cuts the name out of what printed_member() gave.
[[nodiscard]] std::string_view cut_member_name(std::string_view printed);

/// Memory for a T that is never made, where addresses of fields can be told apart at run time.
template <class T>
union Blank {
  constexpr Blank() noexcept : nothing() {}
  ~Blank() {}
  char nothing;
  T value;
};
template <class T>
inline Blank<T> blank;

[[nodiscard]] inline std::size_t distance(const void* base, const void* field) noexcept {
  return static_cast<std::size_t>(static_cast<const char*>(field) - static_cast<const char*>(base));
}

}  // namespace core_lib::mapping::detail
