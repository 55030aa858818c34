// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core_lib/connection/access.hpp"
#include "core_lib/neo4j/auth_token.hpp"
#include "core_lib/neo4j/bookmark_manager.hpp"
#include "core_lib/neo4j/notification_filter.hpp"
#include "core_lib/observability/deadline.hpp"

namespace core_lib::neo4j {

/// What a session is for.
struct SessionConfig {
  std::string database{};  ///< Empty: the user's home database.
  Access access = Access::read_write;
  std::optional<Bookmarks> bookmarks{};
  std::shared_ptr<BookmarkManager> bookmark_manager{};
  std::optional<std::int64_t> fetch_size{};  ///< Nothing: DriverConfig::fetch_size.
  std::string impersonated_user{};           ///< Whose rights hold; takes Neo4j 4.4 or newer.
  std::optional<AuthToken> auth{};           ///< Another identity than the driver's; takes Neo4j 5.5 or newer.
  NotificationFilter notifications{};
  Deadline deadline{};  ///< No wait of the session lasts longer.
};

}  // namespace core_lib::neo4j
