// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/neo4j/summary.hpp"

#include "cypher_json.hpp"

namespace core_lib::testkit {

[[nodiscard]] Json summary_json(const neo4j::Summary& summary);

}  // namespace core_lib::testkit
