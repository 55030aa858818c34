// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "core_lib/connection/scope_result.hpp"

namespace core_lib {

class Logger;

namespace detail {

using ExitFunction = void (*)(void* connection, std::exception_ptr failure);

template <class Connection>
void exit_connection(void* connection, std::exception_ptr failure) {
  static_cast<Connection*>(connection)->exit(std::move(failure));
}

/// Runs exit() with the exception that is being handled and throws that very exception on. Call it from a handler only.
[[noreturn]] void fail_scope(void* connection, ExitFunction exit, Logger* logger);

void abandon_scope(void* connection, ExitFunction exit, Logger* logger) noexcept;

template <class Result, class Connection, class Client, class Fn>
Result run_body(Connection& connection, Client& client, Fn& fn, Logger* logger) {
  try {
    return fn(client);
  } catch (...) {
    fail_scope(&connection, &exit_connection<Connection>, logger);
  }
}

/// Where the value is returned from the outermost block every compiler makes it in its place.
template <class Result, class Connection, class Client, class Fn>
Result run_for_value(Connection& connection, Client& client, Fn& fn, Logger* logger) {
  Result result = run_body<Result>(connection, client, fn, logger);
  connection.exit(nullptr);
  return result;
}

}  // namespace detail

/// Runs `fn(client)` as one scope: enter, `fn`, exit, and then the value of `fn`.
///
/// Where `fn` throws, exit() gets that exception, and the caller gets the very same one; a failure of that exit() is
/// logged and attached to it (Error::add_suppressed), and never replaces it. Where `fn` succeeds and exit() throws, as
/// on a failed commit, that is what the caller gets, and the value is gone. `fn` may return nothing, or any value that
/// makes sense after the scope.
///
/// @param connection  fresh: neither entered nor exited
/// @param logger      null means default_logger()
template <class Connection, class Fn>
auto run_scope(Connection& connection, Fn&& fn, Logger* logger = nullptr)
    -> detail::scope_result_t<typename Connection::client_type, Fn> {
  using Client = typename Connection::client_type;
  using Result = detail::scope_result_t<Client, Fn>;
  if constexpr (detail::check_scope_body<Client, Fn>()) {
    Client& client = connection.enter();
    if constexpr (std::is_void_v<Result>) {
      detail::run_body<Result>(connection, client, fn, logger);
      connection.exit(nullptr);
    } else {
      return detail::run_for_value<Result>(connection, client, fn, logger);
    }
  }
}

/// For the destructor of a connection that was entered and not exited: runs exit() with a UsageError that says so, and
/// logs what that throws.
///
/// @param logger  null means default_logger()
template <class Connection>
void abandon_scope(Connection& connection, Logger* logger = nullptr) noexcept {
  detail::abandon_scope(&connection, &detail::exit_connection<Connection>, logger);
}

}  // namespace core_lib
