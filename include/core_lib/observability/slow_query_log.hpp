// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>

#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"

namespace core_lib {

/// Writes each query that took long to the log, as a warning: its duration, rows, data source and statement, without
/// its values. What `slow_query` asks for in a configuration.
/// Thread safety: all functions.
class SlowQueryLog final : public Observer {
 public:
  /// @param threshold  what takes as long, or longer, is slow
  explicit SlowQueryLog(std::chrono::milliseconds threshold, std::shared_ptr<Logger> logger = default_logger());

  void query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept override;

 private:
  std::chrono::nanoseconds threshold_;
  std::shared_ptr<Logger> logger_;
};

}  // namespace core_lib
