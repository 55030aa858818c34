// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j {

namespace detail {
void read_properties(const Map& properties, std::span<const mapping::Field> fields, void* object);
}

/// A node as it was when it was read.
struct Node {
  std::int64_t id = 0;       ///< Of this database, and reused after a deletion: prefer the element id.
  std::string element_id{};  ///< For `WHERE elementId(n) = $id`; the id in digits where the server is older than 5.
  std::vector<std::string> labels{};
  Map properties{};
  bool operator==(const Node&) const = default;

  /// The properties as a plain struct. Errors: ConversionError where one does not fit or is missing.
  template <class T>
  [[nodiscard]] T as() const {
    T object{};
    detail::read_properties(properties, mapping::fields_of<T>(), &object);
    return object;
  }
};

/// A relationship as it was when it was read.
struct Relationship {
  std::int64_t id = 0;
  std::string element_id{};
  std::int64_t start_id = 0;
  std::string start_element_id{};
  std::int64_t end_id = 0;
  std::string end_element_id{};
  std::string type{};
  Map properties{};
  bool operator==(const Relationship&) const = default;

  /// The properties as a plain struct. Errors: ConversionError where one does not fit or is missing.
  template <class T>
  [[nodiscard]] T as() const {
    T object{};
    detail::read_properties(properties, mapping::fields_of<T>(), &object);
    return object;
  }
};

/// A walk through the graph: a node, then relationship and node, again and again.
struct Path {
  std::vector<Node> nodes{};  ///< One more than relationships.
  std::vector<Relationship>
      relationships{};  ///< Each between the nodes at its position and the next, in its own direction.
  bool operator==(const Path&) const = default;
};

}  // namespace core_lib::neo4j
