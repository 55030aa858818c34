// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/error/error_message.hpp"

namespace core_lib {
namespace detail {

/// Throws the exception being handled on, with this message where it tells of a duplicate. Call it from a handler only.
[[noreturn]] void rethrow_duplicate(const ErrorMessage& message);

}  // namespace detail

/// Gives the error for a duplicate a message of your own: a UniqueViolation, status 409.
///
/// ```cpp
/// DuplicateErrorHandler("user {} exists", email)([&] { users->add(user); });
/// ```
/// It acts on a UniqueViolation and on a CommitFailed that one caused; cause() of the new error is the one that came.
/// Every other exception passes unchanged, other constraints too. The message is made only then (see ErrorMessage).
/// Lifetime: the arguments are borrowed, so call it in the expression that makes it.
class [[nodiscard]] DuplicateErrorHandler {
 public:
  template <class... Args>
  constexpr explicit DuplicateErrorHandler(MessageTemplate message, const Args&... arguments) noexcept
      : message_(message, arguments...) {}

  /// Runs `fn()` and returns what it returns. Errors: UniqueViolation, and whatever else `fn` throws.
  template <class Fn>
  decltype(auto) operator()(Fn&& fn) && {
    try {
      return fn();
    } catch (...) {
      detail::rethrow_duplicate(message_);
    }
  }

 private:
  ErrorMessage message_;
};

}  // namespace core_lib
