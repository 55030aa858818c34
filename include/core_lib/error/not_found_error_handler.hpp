// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>
#include <utility>

#include "core_lib/error/error_message.hpp"

namespace core_lib {
namespace detail {

template <class T>
concept CanBeAbsent = requires(const T& value) {
  static_cast<bool>(value.has_value());
  *value;
} && !requires(const T& value) { value.error(); };
template <class T>
concept CanBeEmpty = requires(const T& value) { static_cast<bool>(value.empty()); };
template <class T>
concept CanBeNull = requires(const T& value) { static_cast<bool>(value == nullptr); };

template <class T>
[[nodiscard]] constexpr bool is_missing(const T& value, bool zero_is_missing) {
  if constexpr (CanBeAbsent<T>) {
    return !value.has_value();
  } else if constexpr (CanBeEmpty<T>) {
    return value.empty();
  } else if constexpr (CanBeNull<T>) {
    return value == nullptr;
  } else if constexpr (std::is_integral_v<T>) {
    return zero_is_missing && value == T{};
  } else {
    return false;
  }
}

/// `T` for a function that returns an optional `T`, and else what it returns.
template <class Result>
struct Present {
  using type = Result;
};
template <class Result>
  requires CanBeAbsent<std::remove_cvref_t<Result>>
struct Present<Result> {
  using type = std::remove_cvref_t<decltype(*std::declval<Result>())>;
};

[[noreturn]] void throw_not_found(const ErrorMessage& message);

}  // namespace detail

/// Turns a missing result into a NotFoundError, status 404.
///
/// ```cpp
/// return NotFoundErrorHandler("user {}", user_id)([&] { return find(user_id); });  // optional<User> becomes User
/// ```
/// Missing are: an empty optional, a null pointer, an empty container or string, and an integer 0 or false where
/// zero_is_missing() asks for it. Everything else is passed through, and so are exceptions. The message is made only
/// when the result is missing; "{}" stands for the arguments in turn (see ErrorMessage).
/// Lifetime: the arguments are borrowed, so call it in the expression that makes it.
class [[nodiscard]] NotFoundErrorHandler {
 public:
  /// @param message  what is missing, such as "user {}"; the error says "user 7: not found"
  template <class... Args>
  constexpr explicit NotFoundErrorHandler(MessageTemplate message, const Args&... arguments) noexcept
      : message_(message, arguments...) {}

  /// Counts an integer 0, and false, as missing: for a row count that must not be 0.
  constexpr NotFoundErrorHandler&& zero_is_missing() && noexcept {
    zero_is_missing_ = true;
    return std::move(*this);
  }

  /// Runs `fn()` and returns its result, out of the optional if it is one. Errors: NotFoundError.
  template <class Fn>
  auto operator()(Fn&& fn) && -> typename detail::Present<decltype(fn())>::type {
    using Result = decltype(fn());
    static_assert(!std::is_void_v<Result>,
                  "NotFoundErrorHandler(...)(fn): fn must return what may be missing, such as an optional");
    if constexpr (!std::is_void_v<Result>) {
      Result result = fn();
      if (detail::is_missing<std::remove_cvref_t<Result>>(result, zero_is_missing_)) detail::throw_not_found(message_);
      if constexpr (detail::CanBeAbsent<std::remove_cvref_t<Result>>) {
        return *std::forward<Result>(result);
      } else if constexpr (std::is_rvalue_reference_v<Result>) {
        return std::move(result);
      } else {
        return result;
      }
    }
  }

 private:
  ErrorMessage message_;
  bool zero_is_missing_ = false;
};

}  // namespace core_lib
