// SPDX-License-Identifier: Apache-2.0
#include "neo4j/summary_reader.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "neo4j/packstream/unpacker.hpp"

namespace core_lib::neo4j {
namespace {

using packstream::throw_protocol_error;

std::string text(const Map& map, std::string_view key, std::string_view fallback = {}) {
  const Value* value = map.find(key);
  const auto* found = value == nullptr ? nullptr : value->get_if<std::string>();
  return found == nullptr ? std::string(fallback) : *found;
}

std::optional<std::int64_t> integer(const Map& map, std::string_view key) {
  const Value* value = map.find(key);
  const auto* found = value == nullptr ? nullptr : value->get_if<std::int64_t>();
  return found == nullptr ? std::nullopt : std::optional(*found);
}

const Map* submap(const Map& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? nullptr : value->get_if<Map>();
}

const List* sublist(const Map& map, std::string_view key) {
  const Value* value = map.find(key);
  return value == nullptr ? nullptr : value->get_if<List>();
}

std::string known_severity(const std::string& raw) {
  return raw == "WARNING" || raw == "INFORMATION" ? raw : "UNKNOWN";
}

std::string known_classification(const std::string& raw) {
  constexpr std::string_view known[] = {"HINT",    "UNRECOGNIZED", "UNSUPPORTED", "PERFORMANCE", "DEPRECATION",
                                        "GENERIC", "SECURITY",     "TOPOLOGY",    "SCHEMA"};
  return std::find(std::begin(known), std::end(known), raw) != std::end(known) ? raw : "UNKNOWN";
}

std::optional<InputPosition> position_of(const Map* map) {
  if (map == nullptr || map->empty()) return std::nullopt;
  const auto offset = integer(*map, "offset"), line = integer(*map, "line"), column = integer(*map, "column");
  if (!offset || !line || !column) return std::nullopt;
  return InputPosition{*offset, *line, *column};
}

struct Counter {
  std::string_view key;
  std::int64_t SummaryCounters::* member;
};

constexpr Counter counters[] = {
    {"nodes-created", &SummaryCounters::nodes_created},
    {"nodes-deleted", &SummaryCounters::nodes_deleted},
    {"relationships-created", &SummaryCounters::relationships_created},
    {"relationships-deleted", &SummaryCounters::relationships_deleted},
    {"properties-set", &SummaryCounters::properties_set},
    {"labels-added", &SummaryCounters::labels_added},
    {"labels-removed", &SummaryCounters::labels_removed},
    {"indexes-added", &SummaryCounters::indexes_added},
    {"indexes-removed", &SummaryCounters::indexes_removed},
    {"constraints-added", &SummaryCounters::constraints_added},
    {"constraints-removed", &SummaryCounters::constraints_removed},
};

/// Newer servers say themselves whether something changed; for others the counters do.
SummaryCounters read_counters(const Map& stats) {
  SummaryCounters result;
  for (const auto& [key, member] : counters) {
    result.*member = integer(stats, key).value_or(0);
    result.contains_updates = result.contains_updates || result.*member > 0;
  }
  result.system_updates = integer(stats, "system-updates").value_or(0);
  result.contains_system_updates = result.system_updates > 0;
  const auto told = [&](std::string_view key, bool& flag) {
    const Value* value = stats.find(key);
    if (value != nullptr && value->is<bool>()) flag = value->get<bool>();
  };
  told("contains-updates", result.contains_updates);
  told("contains-system-updates", result.contains_system_updates);
  return result;
}

Plan read_plan(const Map& map, bool profiled, int depth) {
  Plan plan;
  plan.operator_type = text(map, "operatorType");
  if (const Map* arguments = submap(map, "args")) plan.arguments = *arguments;
  if (const List* identifiers = sublist(map, "identifiers")) {
    for (const Value& name : *identifiers) {
      if (name.is<std::string>()) plan.identifiers.push_back(name.get<std::string>());
    }
  }
  if (const List* children = depth < 200 ? sublist(map, "children") : nullptr) {
    for (const Value& child : *children) {
      if (child.is<Map>()) plan.children.push_back(read_plan(child.get<Map>(), profiled, depth + 1));
    }
  }
  if (!profiled) return plan;
  Plan::Profile profile;
  profile.db_hits = integer(map, "dbHits").value_or(0);
  profile.rows = integer(map, "rows").value_or(0);
  profile.page_cache_hits = integer(map, "pageCacheHits");
  profile.page_cache_misses = integer(map, "pageCacheMisses");
  const Value* ratio = map.find("pageCacheHitRatio");
  if (ratio != nullptr && ratio->is<double>()) profile.page_cache_hit_ratio = ratio->get<double>();
  profile.time = integer(map, "time");
  plan.profile = profile;
  return plan;
}

Notification read_notification(const Map& map) {
  Notification notification;
  notification.code = text(map, "code");
  notification.title = text(map, "title");
  notification.description = text(map, "description");
  notification.raw_severity = text(map, "severity");
  notification.severity = known_severity(notification.raw_severity);
  notification.raw_category = text(map, "category");
  notification.category = known_classification(notification.raw_category);
  notification.position = position_of(submap(map, "position"));
  return notification;
}

Map default_diagnostics() { return {{"OPERATION", ""}, {"OPERATION_CODE", "0"}, {"CURRENT_SCHEMA", "/"}}; }

void read_diagnostics(GqlStatusObject& status) {
  status.raw_severity = text(status.diagnostic_record, "_severity");
  status.severity = known_severity(status.raw_severity);
  status.raw_classification = text(status.diagnostic_record, "_classification");
  status.classification = known_classification(status.raw_classification);
  status.position = position_of(submap(status.diagnostic_record, "_position"));
}

GqlStatusObject read_status(const Map& map) {
  GqlStatusObject status;
  status.gql_status = text(map, "gql_status");
  status.status_description = text(map, "status_description");
  if (const Map* record = submap(map, "diagnostic_record")) status.diagnostic_record = *record;
  for (const auto& [key, value] : default_diagnostics()) {
    if (status.diagnostic_record.find(key) == nullptr) status.diagnostic_record.append(key, value);
  }
  status.is_notification = map.find("neo4j_code") != nullptr;
  read_diagnostics(status);
  return status;
}

/// For those who read notifications although the server sends statuses.
Notification notification_of(const Map& map, const GqlStatusObject& status) {
  Notification notification;
  notification.code = text(map, "neo4j_code");
  notification.title = text(map, "title");
  notification.description = text(map, "description");
  notification.raw_severity = status.raw_severity;
  notification.severity = status.severity;
  notification.raw_category = status.raw_classification;
  notification.category = status.classification;
  notification.position = status.position;
  return notification;
}

/// For those who read statuses although the server sends notifications.
GqlStatusObject status_of(const Map& map, const Notification& notification) {
  const bool warning = notification.severity == "WARNING";
  GqlStatusObject status;
  status.gql_status = warning ? "01N42" : "03N42";
  status.status_description = !notification.description.empty() ? notification.description
                              : warning                         ? "warn: unknown warning"
                                                                : "info: unknown notification";
  status.is_notification = true;
  status.diagnostic_record = default_diagnostics();
  if (!notification.raw_category.empty()) {
    status.diagnostic_record.append("_classification", notification.raw_category);
  }
  if (!notification.raw_severity.empty()) status.diagnostic_record.append("_severity", notification.raw_severity);
  if (const Value* position = map.find("position")) status.diagnostic_record.append("_position", *position);
  read_diagnostics(status);
  return status;
}

GqlStatusObject outcome(bool has_keys, bool had_records) {
  GqlStatusObject status;
  if (!has_keys) {
    status.gql_status = "00001";
    status.status_description = "note: successful completion - omitted result";
  } else {
    status.gql_status = had_records ? "00000" : "02000";
    status.status_description = had_records ? "note: successful completion" : "note: no data";
  }
  status.diagnostic_record = default_diagnostics();
  read_diagnostics(status);
  return status;
}

/// No data first, then warnings, success, information.
int rank(const GqlStatusObject& status) {
  constexpr std::string_view order[] = {"02", "01", "00", "03"};
  const auto* found = std::find(std::begin(order), std::end(order), std::string_view(status.gql_status).substr(0, 2));
  return static_cast<int>(found - std::begin(order));
}

void read_statuses(const List& statuses, Summary& summary) {
  summary.notifications.emplace();
  for (const Value& value : statuses) {
    if (!value.is<Map>()) throw_protocol_error("a status is no map");
    const Map& map = value.get<Map>();
    const GqlStatusObject& status = summary.gql_status_objects.emplace_back(read_status(map));
    if (!status.is_notification) continue;
    summary.notifications->push_back(notification_of(map, status));
  }
}

void read_notifications(const List* notifications, bool has_keys, bool had_records, Summary& summary) {
  summary.gql_status_objects.push_back(outcome(has_keys, had_records));
  if (notifications == nullptr) return;
  summary.notifications.emplace();
  for (const Value& value : *notifications) {
    if (!value.is<Map>()) throw_protocol_error("a notification is no map");
    const Map& map = value.get<Map>();
    GqlStatusObject status = status_of(map, summary.notifications->emplace_back(read_notification(map)));
    std::vector<GqlStatusObject>& statuses = summary.gql_status_objects;
    const auto place = std::upper_bound(statuses.begin(), statuses.end(), rank(status),
                                        [](auto wanted, const GqlStatusObject& other) { return wanted < rank(other); });
    statuses.insert(place, std::move(status));
  }
}

}  // namespace

void read_summary(const Map& metadata, bool has_keys, bool had_records, Summary& summary) {
  constexpr std::string_view types[] = {"", "r", "w", "rw", "s"};
  summary.query_type = text(metadata, "type");
  if (std::find(std::begin(types), std::end(types), summary.query_type) == std::end(types)) {
    throw_protocol_error("a query has the unknown type '" + summary.query_type + "'");
  }
  summary.database = text(metadata, "db");
  if (const auto after = integer(metadata, "t_last")) summary.result_consumed_after = std::chrono::milliseconds(*after);
  if (const Map* stats = submap(metadata, "stats")) summary.counters = read_counters(*stats);
  if (const Map* profile = submap(metadata, "profile")) {
    summary.plan = read_plan(*profile, true, 0);
  } else if (const Map* plan = submap(metadata, "plan")) {
    summary.plan = read_plan(*plan, false, 0);
  }
  if (const List* statuses = sublist(metadata, "statuses")) {
    read_statuses(*statuses, summary);
  } else {
    read_notifications(sublist(metadata, "notifications"), has_keys, had_records, summary);
  }
}

}  // namespace core_lib::neo4j
