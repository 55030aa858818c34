// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "core_lib/config/config.hpp"
#include "core_lib/neo4j/neo4j_connection_registry.hpp"

namespace core_lib::composition {

/// Makes the registry that a `neo4j` node describes: `url` and `credentials` as core-lib has them, and more.
/// Errors: ConfigError with the place in the file.
[[nodiscard]] std::unique_ptr<Neo4jConnectionRegistry> make_neo4j_connection_registry(const Config& node);

}  // namespace core_lib::composition
