// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/neo4j/summary.hpp"

namespace core_lib::neo4j {

/// What the last reply of a query tells.
/// @param has_keys, had_records  decide which status an older server's result gets
/// Errors: Error, which breaks the connection, for a query type that is none.
void read_summary(const Map& metadata, bool has_keys, bool had_records, Summary& summary);

}  // namespace core_lib::neo4j
