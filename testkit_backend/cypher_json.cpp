// SPDX-License-Identifier: Apache-2.0
#include "cypher_json.hpp"

#include <chrono>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>

namespace core_lib::testkit {
namespace {

using namespace neo4j;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

Json typed(const char* name, Json value) { return {{"name", name}, {"data", {{"value", std::move(value)}}}}; }

Json real_json(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Infinity" : "-Infinity";
  return value;
}

double real_of(const Json& json) {
  if (json == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (json == "+Infinity") return std::numeric_limits<double>::infinity();
  if (json == "-Infinity") return -std::numeric_limits<double>::infinity();
  return json.get<double>();
}

std::string hex_of(const Bytes& bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    if (!text.empty()) text += ' ';
    text += digits[std::to_integer<unsigned>(byte) >> 4U];
    text += digits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

Bytes bytes_of(const std::string& hex) {
  std::istringstream words(hex);
  Bytes bytes;
  for (std::string word; words >> word;) bytes.push_back(static_cast<std::byte>(std::stoi(word, nullptr, 16)));
  return bytes;
}

Json date_json(std::int64_t days) {
  // chrono's years end at 32767, Neo4j's do not: shift by whole cycles of 400 years.
  constexpr std::int64_t cycle = 146'097;
  const std::int64_t cycles = days / cycle;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days - cycles * cycle))};
  return {{"year", static_cast<int>(date.year()) + cycles * 400},
          {"month", static_cast<unsigned>(date.month())},
          {"day", static_cast<unsigned>(date.day())}};
}

std::int64_t days_of(const Json& data) {
  constexpr std::int64_t cycle = 146'097;
  const auto year = data.at("year").get<std::int64_t>();
  const std::int64_t cycles = year / 400 - 5;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(year - cycles * 400)),
                                         std::chrono::month(data.at("month").get<unsigned>()),
                                         std::chrono::day(data.at("day").get<unsigned>()));
  return std::chrono::sys_days(date).time_since_epoch().count() + cycles * cycle;
}

Json time_json(std::int64_t nanoseconds) {
  const std::int64_t seconds = nanoseconds / nanoseconds_per_second;
  return {{"hour", seconds / 3600},
          {"minute", seconds / 60 % 60},
          {"second", seconds % 60},
          {"nanosecond", nanoseconds % nanoseconds_per_second}};
}

std::int64_t seconds_of_day(const Json& data) {
  return data.at("hour").get<std::int64_t>() * 3600 + data.at("minute").get<std::int64_t>() * 60 +
         data.at("second").get<std::int64_t>();
}

Json date_time_json(const LocalDateTime& local) {
  std::int64_t days = local.seconds / 86'400;
  if (local.seconds % 86'400 < 0) --days;
  Json json = date_json(days);
  json.update(time_json((local.seconds - days * 86'400) * nanoseconds_per_second + local.nanoseconds));
  return json;
}

Value date_time_of(const Json& data) {
  const LocalDateTime local{days_of(data) * 86'400 + seconds_of_day(data), data.at("nanosecond").get<std::int32_t>()};
  if (data.value("utc_offset_s", Json()).is_null()) return local;
  const auto offset = data.at("utc_offset_s").get<std::int32_t>();
  const Json zone = data.value("timezone_id", Json());
  return DateTime{local.seconds - offset, local.nanoseconds, zone.is_null() ? offset : 0,
                  zone.is_null() ? std::string() : zone.get<std::string>()};
}

Json node_json(const Node& node) {
  List labels(node.labels.begin(), node.labels.end());
  return {{"name", "Node"},
          {"data",
           {{"id", to_cypher_json(node.id)},
            {"labels", to_cypher_json(labels)},
            {"props", to_cypher_json(node.properties)},
            {"elementId", to_cypher_json(node.element_id)}}}};
}

Json relationship_json(const Relationship& relationship) {
  return {{"name", "Relationship"},
          {"data",
           {{"id", to_cypher_json(relationship.id)},
            {"startNodeId", to_cypher_json(relationship.start_id)},
            {"endNodeId", to_cypher_json(relationship.end_id)},
            {"type", to_cypher_json(relationship.type)},
            {"props", to_cypher_json(relationship.properties)},
            {"elementId", to_cypher_json(relationship.element_id)},
            {"startNodeElementId", to_cypher_json(relationship.start_element_id)},
            {"endNodeElementId", to_cypher_json(relationship.end_element_id)}}}};
}

Json path_json(const Path& path) {
  Json nodes = Json::array(), relationships = Json::array();
  for (const Node& node : path.nodes) nodes.push_back(node_json(node));
  for (const Relationship& relationship : path.relationships) relationships.push_back(relationship_json(relationship));
  return {{"name", "Path"},
          {"data", {{"nodes", typed("CypherList", nodes)}, {"relationships", typed("CypherList", relationships)}}}};
}

Json point_json(const Point& point) {
  const char* system = point.srid == 4326 || point.srid == 4979 ? "wgs84" : "cartesian";
  Json data = {{"system", system}, {"x", point.x}, {"y", point.y}};
  data["z"] = point.dimensions == 3 ? Json(point.z) : Json();
  return {{"name", "CypherPoint"}, {"data", data}};
}

/// TestKit reckons with pytz, to which offsets are whole minutes: those of before time zones are others.
Json instant_json(const DateTime& instant) {
  const auto minutes = static_cast<std::int32_t>(std::floor((instant.offset() + 30) / 60.0));
  Json data = date_time_json({instant.seconds + minutes * 60, instant.nanoseconds});
  data["utc_offset_s"] = minutes * 60;
  data["timezone_id"] = instant.zone.empty() ? Json() : Json(instant.zone);
  return {{"name", "CypherDateTime"}, {"data", data}};
}

Json temporal_json(const Value& value) {
  if (const auto* date = value.get_if<Date>()) return {{"name", "CypherDate"}, {"data", date_json(date->days)}};
  if (const auto* time = value.get_if<Time>()) {
    Json data = time_json(time->nanoseconds);
    data["utc_offset_s"] = time->offset_seconds;
    return {{"name", "CypherTime"}, {"data", data}};
  }
  if (const auto* time = value.get_if<LocalTime>()) {
    return {{"name", "CypherTime"}, {"data", time_json(time->nanoseconds)}};
  }
  if (const auto* local = value.get_if<LocalDateTime>()) {
    return {{"name", "CypherDateTime"}, {"data", date_time_json(*local)}};
  }
  if (const auto* instant = value.get_if<DateTime>()) return instant_json(*instant);
  if (const auto* duration = value.get_if<Duration>()) {
    return {{"name", "CypherDuration"},
            {"data",
             {{"months", duration->months},
              {"days", duration->days},
              {"seconds", duration->seconds},
              {"nanoseconds", duration->nanoseconds}}}};
  }
  throw std::runtime_error("TestKit has no form for a value of the type " + std::string(value.type_name()));
}

Point point_of(const Json& data) {
  const bool wgs84 = data.at("system") == "wgs84";
  const double x = data.at("x").get<double>(), y = data.at("y").get<double>();
  if (data.value("z", Json()).is_null()) return wgs84 ? Point::wgs84(x, y) : Point::cartesian(x, y);
  const double z = data.at("z").get<double>();
  return wgs84 ? Point::wgs84(x, y, z) : Point::cartesian(x, y, z);
}

Value time_of(const Json& data) {
  const std::int64_t nanoseconds =
      seconds_of_day(data) * nanoseconds_per_second + data.at("nanosecond").get<std::int64_t>();
  const Json offset = data.value("utc_offset_s", Json());
  if (offset.is_null()) return LocalTime{nanoseconds};
  return Time{nanoseconds, offset.get<std::int32_t>()};
}

}  // namespace

Json map_to_cypher_json(const Map& map) {
  Json entries = Json::object();
  for (const auto& [key, value] : map) entries[key] = to_cypher_json(value);
  return entries;
}

Json to_cypher_json(const Value& value) {
  if (value.is_null()) return typed("CypherNull", nullptr);
  if (const auto* item = value.get_if<bool>()) return typed("CypherBool", *item);
  if (const auto* item = value.get_if<std::int64_t>()) return typed("CypherInt", *item);
  if (const auto* item = value.get_if<double>()) return typed("CypherFloat", real_json(*item));
  if (const auto* item = value.get_if<std::string>()) return typed("CypherString", *item);
  if (const auto* item = value.get_if<Bytes>()) return typed("CypherBytes", hex_of(*item));
  if (const auto* item = value.get_if<Map>()) return typed("CypherMap", map_to_cypher_json(*item));
  if (const auto* item = value.get_if<Node>()) return node_json(*item);
  if (const auto* item = value.get_if<Relationship>()) return relationship_json(*item);
  if (const auto* item = value.get_if<Path>()) return path_json(*item);
  if (const auto* item = value.get_if<Point>()) return point_json(*item);
  if (const auto* list = value.get_if<List>()) {
    Json elements = Json::array();
    for (const Value& element : *list) elements.push_back(to_cypher_json(element));
    return typed("CypherList", elements);
  }
  return temporal_json(value);
}

Map map_from_cypher_json(const Json& json) {
  Map map;
  if (json.is_null()) return map;
  for (const auto& [key, value] : json.items()) map.append(key, from_cypher_json(value));
  return map;
}

Value from_cypher_json(const Json& json) {
  const std::string name = json.at("name");
  const Json& data = json.at("data");
  if (name == "CypherNull") return {};
  if (name == "CypherBool") return data.at("value").get<bool>();
  if (name == "CypherInt") return data.at("value").get<std::int64_t>();
  if (name == "CypherFloat") return real_of(data.at("value"));
  if (name == "CypherString") return data.at("value").get<std::string>();
  if (name == "CypherBytes") return bytes_of(data.at("value"));
  if (name == "CypherMap") return map_from_cypher_json(data.at("value"));
  if (name == "CypherPoint") return point_of(data);
  if (name == "CypherDate") return Date{days_of(data)};
  if (name == "CypherTime") return time_of(data);
  if (name == "CypherDateTime") return date_time_of(data);
  if (name == "CypherList") {
    List list;
    for (const Json& element : data.at("value")) list.push_back(from_cypher_json(element));
    return list;
  }
  if (name == "CypherDuration") {
    Duration duration;
    duration.months = data.at("months");
    duration.days = data.at("days");
    duration.seconds = data.at("seconds");
    duration.nanoseconds = data.at("nanoseconds");
    return duration;
  }
  throw std::runtime_error("TestKit sent a value of the unknown type " + name);
}

Json to_plain_json(const Value& value) {
  if (const auto* item = value.get_if<bool>()) return *item;
  if (const auto* item = value.get_if<std::int64_t>()) return *item;
  if (const auto* item = value.get_if<double>()) return *item;
  if (const auto* item = value.get_if<std::string>()) return *item;
  if (const auto* map = value.get_if<Map>()) {
    Json entries = Json::object();
    for (const auto& [key, entry] : *map) entries[key] = to_plain_json(entry);
    return entries;
  }
  if (const auto* list = value.get_if<List>()) {
    Json elements = Json::array();
    for (const Value& element : *list) elements.push_back(to_plain_json(element));
    return elements;
  }
  return {};
}

}  // namespace core_lib::testkit
