// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>

#include "sql/query/renderer.hpp"

namespace core_lib::sql::detail {

[[nodiscard]] const mapping::Field& field_of(const ColumnRef& column);
[[nodiscard]] bool contains_aggregate(std::span<const Token> expression);

/// What stands around an expression.
struct Surroundings {
  bool qualify = false;     ///< Columns are written with their tables.
  bool beside_and = false;  ///< An AND stands beside it, so that an OR needs parentheses.
};

/// Appends an expression to `out`.
/// @param first_parameter  number of the expression's first parameter
void render_expression(const Dialect& dialect, std::span<const Token> tokens, std::uint32_t first_parameter,
                       Surroundings surroundings, Rendered& out);

}  // namespace core_lib::sql::detail
