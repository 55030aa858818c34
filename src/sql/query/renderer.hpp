// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core_lib/sql/dialect.hpp"
#include "core_lib/sql/query/token.hpp"

namespace core_lib::sql::detail {

struct Rendered {
  std::string sql;
  /// For each placeholder, in the order of the text, the number of the parameter that it binds.
  std::vector<std::uint32_t> parameters;
};

/// Spells a shape as SQL. Errors: UsageError where the shape asks for what SQL cannot say.
[[nodiscard]] Rendered render(const Dialect& dialect, std::span<const Token> shape);

}  // namespace core_lib::sql::detail
