// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"
#include "core_lib/pool/pool_options.hpp"

namespace core_lib {

/// How a SqlConnectionRegistry behaves, whatever its engine.
struct SqlOptions {
  PoolOptions pool{};
  /// create_db() makes tables; off, it does nothing, for databases that somebody else looks after.
  bool create_db = true;
  /// Writes each statement to the log before it runs, without its values: a QueryLog beside the observer.
  bool log_queries = false;
  /// Sees statements, transactions and the pool; null sees nothing and costs nothing. combine_observers() takes
  /// several.
  std::shared_ptr<Observer> observer{};
  std::shared_ptr<Logger> logger = default_logger();
};

}  // namespace core_lib
