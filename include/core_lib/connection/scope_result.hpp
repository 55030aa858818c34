// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace core_lib {

/// True for a type that is worth nothing after its scope: it, or a type that it is made of, declares
/// `using is_scope_bound = void;`, as live cursors do. Looks through pointers, references and template arguments, so
/// that `std::optional<Cursor>`, `std::vector<Cursor*>` and `std::unique_ptr<Cursor>` are found too.
template <class T>
inline constexpr bool is_scope_bound = requires { typename T::is_scope_bound; };
template <class T>
inline constexpr bool is_scope_bound<const T> = is_scope_bound<T>;
template <class T>
inline constexpr bool is_scope_bound<T*> = is_scope_bound<T>;
template <class T>
inline constexpr bool is_scope_bound<T&> = is_scope_bound<T>;
template <template <class...> class Template, class... Args>
inline constexpr bool is_scope_bound<Template<Args...>> =
    requires { typename Template<Args...>::is_scope_bound; } || (is_scope_bound<Args> || ...);
template <template <class, std::size_t> class Template, class T, std::size_t size>
inline constexpr bool is_scope_bound<Template<T, size>> = is_scope_bound<T>;

namespace detail {

template <class Client, class Fn>
struct ScopeResult {
  static_assert(sizeof(Fn) == 0,
                "with(fn): fn must take the client by reference, as in with([&](Client& client) { ... })");
  using type = void;
};

template <class Client, class Fn>
  requires requires(Fn& fn, Client& client) { fn(client); }
struct ScopeResult<Client, Fn> {
  using type = decltype(std::declval<Fn&>()(std::declval<Client&>()));
  using value = std::remove_cvref_t<type>;
  static constexpr bool is_client = std::is_class_v<Client> && std::is_same_v<std::remove_cv_t<Client>, value>;
  static constexpr bool is_client_pointer =
      std::is_pointer_v<value> &&
      std::is_same_v<std::remove_cv_t<Client>, std::remove_cv_t<std::remove_pointer_t<value>>>;

  static_assert(!std::is_reference_v<type>,
                "with(fn): fn must not return a reference, since what it refers to may end with the scope");
  static_assert(!is_client && !is_client_pointer,
                "with(fn): fn must not return the client or a pointer to it, since the client ends with the scope");
  static_assert(is_client || is_client_pointer || !is_scope_bound<value>,
                "with(fn): fn must not return a live cursor or anything else that is bound to the scope; "
                "read it into a container of values first");
};

/// What `fn(client)` returns; refuses at compile time what must not leave the scope.
template <class Client, class Fn>
using scope_result_t = typename ScopeResult<Client, std::remove_reference_t<Fn>>::type;

}  // namespace detail
}  // namespace core_lib
