// SPDX-License-Identifier: Apache-2.0
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "core_lib/observability/logger.hpp"

namespace core_lib {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      break;
  }
  return spdlog::level::err;
}

class SpdlogLogger final : public Logger {
 public:
  SpdlogLogger() : logger_("core_lib", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {}

  void write(LogLevel level, std::string_view component, std::string_view message) noexcept override {
    logger_.log(to_spdlog(level), "{}: {}", component, message);  // spdlog reports its own failures, it does not throw
  }
  bool enabled(LogLevel level) const noexcept override { return logger_.should_log(to_spdlog(level)); }

 private:
  spdlog::logger logger_;
};

}  // namespace

std::shared_ptr<Logger> default_logger() {
  static const std::shared_ptr<Logger> logger = std::make_shared<SpdlogLogger>();
  return logger;
}

}  // namespace core_lib
