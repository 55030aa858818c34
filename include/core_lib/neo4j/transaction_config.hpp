// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

/// How one transaction runs at the server.
struct TransactionConfig {
  /// After this long the server ends it; 0 asks for no limit, nothing for the server's own.
  std::optional<std::chrono::milliseconds> timeout{};
  /// Shown by `SHOW TRANSACTIONS` and in the server's query log.
  Map metadata{};
};

}  // namespace core_lib::neo4j
