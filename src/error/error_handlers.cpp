// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <string>

#include "core_lib/error/duplicate_error_handler.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/error/not_found_error_handler.hpp"

namespace core_lib::detail {
namespace {

[[noreturn]] void throw_duplicate(const ErrorMessage& message, const Error& error) {
  throw UniqueViolation(message.text(),
                        {.retryable = error.is_retryable(),
                         .breaks_connection = error.breaks_connection(),
                         .native_code = error.native_code(),
                         .cause = std::current_exception()},
                        message.location());
}

/// True where the first cause that core_lib knows is a UniqueViolation.
bool is_caused_by_duplicate(const Error& error) {
  if (error.cause() == nullptr) return false;
  try {
    std::rethrow_exception(error.cause());
  } catch (const UniqueViolation&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace

void throw_not_found(const ErrorMessage& message) {
  const std::string what = message.text();
  throw NotFoundError(what.empty() ? "not found" : what + ": not found", {}, message.location());
}

void rethrow_duplicate(const ErrorMessage& message) {
  try {
    throw;
  } catch (const UniqueViolation& error) {
    throw_duplicate(message, error);
  } catch (const CommitFailed& error) {
    if (is_caused_by_duplicate(error)) throw_duplicate(message, error);
    throw;
  }
}

}  // namespace core_lib::detail
