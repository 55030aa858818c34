// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"

namespace core_lib {

/// Writes each query to the log before it runs, at info, without its values: what `log_queries` asks for.
/// Thread safety: all functions.
class QueryLog final : public Observer {
 public:
  explicit QueryLog(std::shared_ptr<Logger> logger = default_logger());

  void query_started(const ObservedQuery& query) noexcept override;

 private:
  std::shared_ptr<Logger> logger_;
};

}  // namespace core_lib
