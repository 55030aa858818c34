// SPDX-License-Identifier: Apache-2.0
#include "summary_json.hpp"

namespace core_lib::testkit {
namespace {

using namespace neo4j;

template <class T>
Json optional_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json position_json(const std::optional<InputPosition>& position) {
  if (!position) return nullptr;
  return {{"offset", position->offset}, {"line", position->line}, {"column", position->column}};
}

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json counters_json(const SummaryCounters& counters) {
  return {{"constraintsAdded", counters.constraints_added},
          {"constraintsRemoved", counters.constraints_removed},
          {"containsSystemUpdates", counters.contains_system_updates},
          {"containsUpdates", counters.contains_updates},
          {"indexesAdded", counters.indexes_added},
          {"indexesRemoved", counters.indexes_removed},
          {"labelsAdded", counters.labels_added},
          {"labelsRemoved", counters.labels_removed},
          {"nodesCreated", counters.nodes_created},
          {"nodesDeleted", counters.nodes_deleted},
          {"propertiesSet", counters.properties_set},
          {"relationshipsCreated", counters.relationships_created},
          {"relationshipsDeleted", counters.relationships_deleted},
          {"systemUpdates", counters.system_updates}};
}

Json notification_json(const Notification& notification) {
  Json json = {{"code", notification.code},
               {"title", notification.title},
               {"description", notification.description},
               {"severity", notification.raw_severity},
               {"severityLevel", notification.severity},
               {"rawSeverityLevel", notification.raw_severity},
               {"category", notification.category},
               {"rawCategory", notification.raw_category}};
  if (notification.position) json["position"] = position_json(notification.position);
  return json;
}

Json status_json(const GqlStatusObject& status) {
  return {{"gqlStatus", status.gql_status},
          {"statusDescription", status.status_description},
          {"position", position_json(status.position)},
          {"classification", status.classification},
          {"rawClassification", text_or_null(status.raw_classification)},
          {"severity", status.severity},
          {"rawSeverity", text_or_null(status.raw_severity)},
          {"diagnosticRecord", map_to_cypher_json(status.diagnostic_record)},
          {"isNotification", status.is_notification}};
}

Json plan_json(const Plan& plan) {
  Json children = Json::array();
  for (const Plan& child : plan.children) children.push_back(plan_json(child));
  Json json = {{"operatorType", plan.operator_type},
               {"args", to_plain_json(plan.arguments)},
               {"identifiers", plan.identifiers},
               {"children", children}};
  if (!plan.profile) return json;
  json["dbHits"] = plan.profile->db_hits;
  json["rows"] = plan.profile->rows;
  const auto set = [&](const char* key, const auto& value) {
    if (value) json[key] = *value;
  };
  set("pageCacheHits", plan.profile->page_cache_hits);
  set("pageCacheMisses", plan.profile->page_cache_misses);
  set("pageCacheHitRatio", plan.profile->page_cache_hit_ratio);
  set("time", plan.profile->time);
  return json;
}

template <class T, class Fn>
Json array_json(const std::vector<T>& values, Fn fn) {
  Json array = Json::array();
  for (const T& value : values) array.push_back(fn(value));
  return array;
}

}  // namespace

Json summary_json(const Summary& summary) {
  const auto milliseconds = [](const auto& duration) { return duration ? Json(duration->count()) : Json(); };
  const bool profiled = summary.plan && summary.plan->profile;
  return {{"counters", counters_json(summary.counters)},
          {"database", text_or_null(summary.database)},
          {"notifications", summary.notifications ? array_json(*summary.notifications, notification_json) : Json()},
          {"gqlStatusObjects", array_json(summary.gql_status_objects, status_json)},
          {"plan", summary.plan && !profiled ? plan_json(*summary.plan) : Json()},
          {"profile", profiled ? plan_json(*summary.plan) : Json()},
          {"query", {{"text", summary.query}, {"parameters", map_to_cypher_json(summary.parameters)}}},
          {"queryType", text_or_null(summary.query_type)},
          {"resultAvailableAfter", milliseconds(summary.result_available_after)},
          {"resultConsumedAfter", milliseconds(summary.result_consumed_after)},
          {"serverInfo",
           {{"address", summary.server.address},
            {"agent", summary.server.agent},
            {"protocolVersion", summary.server.protocol_version}}}};
}

}  // namespace core_lib::testkit
