// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace core_lib::sql::postgresql {

/// What a statement's text holds outside of its literals, names and comments.
struct SqlText {
  std::size_t numbered = 0;            ///< The highest n of the placeholders $n.
  std::vector<std::size_t> questions;  ///< Where a `?` stands, which is an operator's or a placeholder.
  bool has_second = false;             ///< Something follows the first `;`.
};

[[nodiscard]] SqlText scan(std::string_view sql);

/// The text with $1, $2, ... for its question marks.
[[nodiscard]] std::string number_questions(std::string_view sql, const SqlText& text);

}  // namespace core_lib::sql::postgresql
