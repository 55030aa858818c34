// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>

#include "core_lib/sql/query/column.hpp"
#include "core_lib/sql/query/expression.hpp"

namespace core_lib::sql::detail {

[[noreturn]] void throw_too_long();

/// A query without its types: what is asked, in the order in which it was asked, and the values it binds.
struct QueryData {
  InlineVector<Token, 24> tokens;
  InlineVector<Parameter, 4> parameters;
  bool has_condition = false;  ///< A filter, or the word that all rows are meant.
  bool is_plain = true;        ///< Nothing but filters: what update() and remove() can take.

  QueryData(Op statement, const TableRef& table) : tokens(statement, table) {}
  void set_statement(Op statement) noexcept { tokens[0] = statement; }
  void add_section(Op section, ExpressionData&& data) {
    begin_section(section, data.tokens.size());
    tokens.append(std::move(data.tokens));
    parameters.append(std::move(data.parameters));
  }
  void add_flag(Op section) { begin_section(section, 0); }
  void add_join(Op section, const TableRef& table, ExpressionData&& condition) {
    begin_section(section, condition.tokens.size() + 1);
    tokens.push_back(table);
    tokens.append(std::move(condition.tokens));
    parameters.append(std::move(condition.parameters));
  }

 private:
  void begin_section(Op section, std::size_t size) {
    if (size > UINT16_MAX) throw_too_long();
    is_plain = is_plain && (section == Op::where || section == Op::assign);
    tokens.push_back(Token(section, static_cast<std::uint16_t>(size), static_cast<std::uint32_t>(parameters.size())));
  }
};

}  // namespace core_lib::sql::detail
