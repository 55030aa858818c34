// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/column.hpp"

#include <bit>

namespace core_lib::sql::detail {

std::string like_pattern(std::string_view before, std::string_view text, std::string_view after) {
  std::string pattern(before);
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '!') pattern += '!';
    pattern += c;
  }
  pattern += after;
  return pattern;
}

void push_among(ExpressionData& data, Op op, std::vector<Parameter> values) {
  constexpr std::size_t longest_padded = 1024;  // beyond it a statement is not worth caching, and limits are near
  const std::size_t count = values.size();
  if (count > 0) data.add_parameter(Parameter(std::move(values)));
  const std::size_t room = count > 0 && count < longest_padded ? std::bit_ceil(count) : count;
  data.tokens.push_back(Token(op, 0, static_cast<std::uint32_t>(room)));
}

}  // namespace core_lib::sql::detail
