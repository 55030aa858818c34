// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace core_lib::neo4j {

/// Which notifications the server need not even look for. Takes Neo4j 5.7 or newer.
struct NotificationFilter {
  /// "OFF", "WARNING" or "INFORMATION"; nothing leaves it to the server.
  std::optional<std::string> minimum_severity{};
  /// Such as "HINT", "DEPRECATION", "PERFORMANCE"; nothing leaves it to the server, an empty list wants all.
  std::optional<std::vector<std::string>> disabled_classifications{};

  /// True where the server is told something.
  [[nodiscard]] bool is_set() const noexcept { return minimum_severity || disabled_classifications; }
};

}  // namespace core_lib::neo4j
