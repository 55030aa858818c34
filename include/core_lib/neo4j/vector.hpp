// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace core_lib::neo4j {

/// Numbers of one type, stored close together. Cypher's VECTOR; takes Bolt 6.0, hence Neo4j 2025.10 or newer.
struct Vector {
  std::variant<std::vector<double>, std::vector<float>, std::vector<std::int8_t>, std::vector<std::int16_t>,
               std::vector<std::int32_t>, std::vector<std::int64_t>>
      values{};
  bool operator==(const Vector&) const = default;
};

/// Stands for a value that the server could not send, since this protocol version has no form for it.
struct UnsupportedType {
  std::string name{};          ///< As the server calls the type.
  std::int64_t min_major = 0;  ///< The Bolt version that has it.
  std::int64_t min_minor = 0;
  std::string message{};  ///< What the server says about it; may be empty.
  bool operator==(const UnsupportedType&) const = default;
};

}  // namespace core_lib::neo4j
