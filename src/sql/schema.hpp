// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/sql/dialect.hpp"

namespace core_lib::sql::detail {

/// The statements that make these tables where they are missing, referenced ones first.
/// Errors: UsageError for tables that refer to each other in a circle.
[[nodiscard]] std::vector<std::string> create_statements(const Dialect& dialect,
                                                         std::vector<const mapping::EntityTable*> tables);

}  // namespace core_lib::sql::detail
