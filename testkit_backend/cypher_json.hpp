// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include "core_lib/neo4j/graph.hpp"
#include "core_lib/neo4j/value.hpp"

namespace core_lib::testkit {

using Json = nlohmann::json;

/// A value as TestKit writes it: {"name": "CypherInt", "data": {"value": 1}}.
[[nodiscard]] Json to_cypher_json(const neo4j::Value& value);
/// Errors: std::runtime_error for a type that is not known.
[[nodiscard]] neo4j::Value from_cypher_json(const Json& json);
/// An object whose values are in TestKit's form; null is an empty map.
[[nodiscard]] neo4j::Map map_from_cypher_json(const Json& json);
[[nodiscard]] Json map_to_cypher_json(const neo4j::Map& map);
/// A value as plain JSON.
[[nodiscard]] Json to_plain_json(const neo4j::Value& value);

}  // namespace core_lib::testkit
