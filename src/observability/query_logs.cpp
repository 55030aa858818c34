// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <utility>

#include <fmt/format.h>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/query_log.hpp"
#include "core_lib/observability/slow_query_log.hpp"

namespace core_lib {
namespace {

void require(const std::shared_ptr<Logger>& logger) {
  if (!logger) throw UsageError("a log of queries needs a logger, and null was given");
}

}  // namespace

QueryLog::QueryLog(std::shared_ptr<Logger> logger) : logger_(std::move(logger)) { require(logger_); }

void QueryLog::query_started(const ObservedQuery& query) noexcept {
  logger_->write(LogLevel::info, query.engine, query.statement);
}

SlowQueryLog::SlowQueryLog(std::chrono::milliseconds threshold, std::shared_ptr<Logger> logger)
    : threshold_(threshold), logger_(std::move(logger)) {
  require(logger_);
}

void SlowQueryLog::query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept {
  if (outcome.duration < threshold_ || !logger_->enabled(LogLevel::warning)) return;
  try {
    const double seconds = std::chrono::duration<double>(outcome.duration).count();
    const auto server = outcome.http.server_time.count();
    const std::string there =
        server > 0 ? fmt::format(" ({:.3f} s on the server)", static_cast<double>(server) / 1000) : "";
    const std::string failed = outcome.failure ? ", failed with " + outcome.failure.error_class : "";
    logger_->write(LogLevel::warning, query.engine,
                   fmt::format("slow query on {}: {:.3f} s{}, {} rows{}: {}", query.source, seconds, there,
                               outcome.rows, failed, query.statement));
  } catch (const std::exception&) {
    logger_->write(LogLevel::warning, query.engine, "a slow query, and no memory to tell which");
  }
}

}  // namespace core_lib
