// SPDX-License-Identifier: Apache-2.0
#include "core_lib/connection/run_scope.hpp"

#include <string>
#include <utility>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/observability/logger.hpp"

namespace core_lib::detail {
namespace {

void log_error(Logger* logger, const std::string& message) {
  if (logger == nullptr) logger = default_logger().get();
  logger->write(LogLevel::error, "connection", message);
}

/// Logs the failure of exit(), which is the exception being handled, and attaches it to the original. Whatever goes
/// wrong here is less than the original, so it ends here.
void keep_exit_failure(const std::exception_ptr& original, Logger* logger) noexcept {
  try {
    std::string message = "a failed scope could not be ended cleanly: " + current_message();
    log_error(logger, message);
    try {
      std::rethrow_exception(original);
    } catch (Error& error) {
      error.add_suppressed(std::move(message));
    }
  } catch (...) {
  }
}

}  // namespace

void fail_scope(void* connection, ExitFunction exit, Logger* logger) {
  std::exception_ptr original = std::current_exception();
  // A thread that is cancelled unwinds with an exception that C++ cannot hold. A null pointer would mean success.
  if (original == nullptr) original = std::make_exception_ptr(Error("the scope was left by a foreign exception"));
  try {
    exit(connection, original);
  } catch (...) {
    keep_exit_failure(original, logger);
  }
  throw;
}

void abandon_scope(void* connection, ExitFunction exit, Logger* logger) noexcept {
  try {
    exit(connection, std::make_exception_ptr(UsageError("the connection was destroyed before exit() was called")));
  } catch (...) {
    try {
      log_error(logger, "an abandoned scope could not be ended cleanly: " + current_message());
    } catch (...) {
    }
  }
}

}  // namespace core_lib::detail
