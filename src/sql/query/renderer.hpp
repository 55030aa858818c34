// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "core_lib/sql/dialect.hpp"
#include "core_lib/sql/query/token.hpp"

namespace core_lib::sql::detail {

/// What a placeholder binds: a parameter, or one of the values of its list, the last one where there are fewer.
struct Binding {
  static constexpr std::uint32_t whole = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t parameter;
  std::uint32_t value = whole;
};

struct Rendered {
  std::string sql;
  /// For each placeholder, in the order of the text.
  std::vector<Binding> bindings;
};

/// Spells a shape as SQL. Errors: UsageError where the shape asks for what SQL cannot say.
[[nodiscard]] Rendered render(const Dialect& dialect, std::span<const Token> shape);

}  // namespace core_lib::sql::detail
