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
concept ScopeBody = requires(Fn& fn, Client& client) { fn(client); };

template <class Client, class Fn>
struct ScopeResult {
  using type = void;
};
template <class Client, class Fn>
  requires ScopeBody<Client, Fn>
struct ScopeResult<Client, Fn> {
  using type = decltype(std::declval<Fn&>()(std::declval<Client&>()));
};

/// What `fn(client)` returns.
template <class Client, class Fn>
using scope_result_t = typename ScopeResult<Client, std::remove_reference_t<Fn>>::type;

/// Refuses at compile time, in one sentence, what must not leave the scope; true where `fn` can be called.
template <class Client, class Fn>
consteval bool check_scope_body() {
  using Result = scope_result_t<Client, Fn>;
  using Value = std::remove_cvref_t<Result>;
  using Pointee = std::remove_cv_t<std::remove_pointer_t<Value>>;
  constexpr bool is_body = ScopeBody<Client, std::remove_reference_t<Fn>>;
  constexpr bool is_client = std::is_class_v<Client> && std::is_same_v<std::remove_cv_t<Client>, Value>;
  constexpr bool is_pointer = std::is_pointer_v<Value> && std::is_same_v<std::remove_cv_t<Client>, Pointee>;
  constexpr bool is_bound = !std::is_reference_v<Result> && !is_client && !is_pointer && is_scope_bound<Value>;

  static_assert(is_body, "with(fn): fn must take the client by reference, as in with([&](Client& client) { ... })");
  static_assert(!std::is_reference_v<Result>,
                "with(fn): fn must not return a reference, since what it refers to may end with the scope");
  static_assert(std::is_reference_v<Result> || (!is_client && !is_pointer),
                "with(fn): fn must not return the client or a pointer to it, since the client ends with the scope");
  static_assert(!is_bound,
                "with(fn): fn must not return a live cursor or anything else that is bound to the scope; "
                "read it into a container of values first");
  return is_body;
}

}  // namespace detail
}  // namespace core_lib
