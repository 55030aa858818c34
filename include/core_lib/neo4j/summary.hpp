// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

/// The server that one talks to.
struct ServerInfo {
  std::string address{};           ///< "host:port"
  std::string agent{};             ///< "Neo4j/5.26.0"
  std::string protocol_version{};  ///< Of Bolt: "5.8"
};

/// What a query changed.
struct SummaryCounters {
  std::int64_t nodes_created = 0;
  std::int64_t nodes_deleted = 0;
  std::int64_t relationships_created = 0;
  std::int64_t relationships_deleted = 0;
  std::int64_t properties_set = 0;
  std::int64_t labels_added = 0;
  std::int64_t labels_removed = 0;
  std::int64_t indexes_added = 0;
  std::int64_t indexes_removed = 0;
  std::int64_t constraints_added = 0;
  std::int64_t constraints_removed = 0;
  std::int64_t system_updates = 0;
  bool contains_updates = false;
  bool contains_system_updates = false;
};

/// A place in the text of a query. All from 1 on, except the offset.
struct InputPosition {
  std::int64_t offset = 0;
  std::int64_t line = 0;
  std::int64_t column = 0;
};

/// What the server has to say about a query, beside its result. Kept for what reads it; statuses tell more.
struct Notification {
  std::string code{};
  std::string title{};
  std::string description{};
  std::optional<InputPosition> position{};
  std::string severity{};      ///< WARNING, INFORMATION or UNKNOWN.
  std::string raw_severity{};  ///< As the server wrote it.
  std::string category{};      ///< Such as HINT, DEPRECATION, UNKNOWN.
  std::string raw_category{};
};

/// A status of a query after the GQL standard: its outcome, or a notification.
struct GqlStatusObject {
  std::string gql_status{};
  std::string status_description{};
  Map diagnostic_record{};
  bool is_notification = false;
  std::optional<InputPosition> position{};
  std::string severity{};
  std::string raw_severity{};
  std::string classification{};
  std::string raw_classification{};
};

/// One operator of the plan of a query: EXPLAIN asks for it. With PROFILE it has counts too.
struct Plan {
  std::string operator_type{};
  Map arguments{};
  std::vector<std::string> identifiers{};
  std::vector<Plan> children{};
  /// What running it took.
  struct Profile {
    std::int64_t db_hits = 0;
    std::int64_t rows = 0;
    std::optional<std::int64_t> page_cache_hits{};
    std::optional<std::int64_t> page_cache_misses{};
    std::optional<double> page_cache_hit_ratio{};
    std::optional<std::int64_t> time{};  ///< Nanoseconds.
  };
  std::optional<Profile> profile{};
};

/// What there is to know about a query once its result was read.
struct Summary {
  std::string query{};
  Map parameters{};
  std::string query_type{};  ///< "r", "w", "rw" or "s" for changes of the schema; may be empty.
  std::string database{};    ///< Empty where the server does not tell.
  ServerInfo server{};
  SummaryCounters counters{};
  std::optional<Plan> plan{};
  std::optional<std::vector<Notification>> notifications{};  ///< Nothing where the server sent none.
  std::vector<GqlStatusObject> gql_status_objects{};
  std::optional<std::chrono::milliseconds> result_available_after{};
  std::optional<std::chrono::milliseconds> result_consumed_after{};
};

}  // namespace core_lib::neo4j
