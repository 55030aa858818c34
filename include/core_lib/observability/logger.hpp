// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string_view>

namespace core_lib {

enum class LogLevel { debug, info, warning, error };

/// Where core_lib writes what a person should know and no exception can carry.
/// Thread safety: write() is called from any thread. Errors: write() must not throw.
class Logger {
 public:
  virtual ~Logger() = default;

  /// @param component  the part that speaks, such as "pool" or "sql"
  /// @param message    one line, without secrets and without bound values
  virtual void write(LogLevel level, std::string_view component, std::string_view message) noexcept = 0;
  /// Asked before a message is built.
  [[nodiscard]] virtual bool enabled(LogLevel level) const noexcept = 0;
};

/// Writes info and above to standard error, through spdlog.
[[nodiscard]] std::shared_ptr<Logger> default_logger();

}  // namespace core_lib
