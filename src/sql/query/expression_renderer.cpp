// SPDX-License-Identifier: Apache-2.0
#include "sql/query/expression_renderer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {
namespace {

struct BinaryOperator {
  std::string_view sql;
  int precedence;
};

constexpr int atom = 100;
constexpr int precedence_and = 2;
constexpr int precedence_not = 3;
constexpr int precedence_compare = 4;

BinaryOperator binary_operator(Op op) {
  switch (op) {
    case Op::logical_or:
      return {" OR ", 1};
    case Op::logical_and:
      return {" AND ", precedence_and};
    case Op::equal:
      return {" = ", precedence_compare};
    case Op::not_equal:
      return {" <> ", precedence_compare};
    case Op::less:
      return {" < ", precedence_compare};
    case Op::less_equal:
      return {" <= ", precedence_compare};
    case Op::greater:
      return {" > ", precedence_compare};
    case Op::greater_equal:
      return {" >= ", precedence_compare};
    case Op::add:
      return {" + ", 5};
    case Op::subtract:
      return {" - ", 5};
    case Op::multiply:
      return {" * ", 6};
    case Op::divide:
      return {" / ", 6};
    default:
      return {{}, 0};
  }
}

std::string_view function_name(Op op) {
  switch (op) {
    case Op::count:
      return "COUNT(";
    case Op::count_distinct:
      return "COUNT(DISTINCT ";
    case Op::sum:
      return "SUM(";
    case Op::minimum:
      return "MIN(";
    case Op::maximum:
      return "MAX(";
    case Op::average:
      return "AVG(";
    case Op::lower:
      return "LOWER(";
    case Op::upper:
      return "UPPER(";
    default:
      return {};
  }
}

// Placeholders are numbered by their place in the text, so that operands are first built as pieces: text, and the
// parameters between.
struct Piece {
  std::string sql;  // '\0' stands where a placeholder will be
  std::vector<Binding> bindings;
  int precedence = atom;
};

class ExpressionRenderer {
 public:
  ExpressionRenderer(const Dialect& dialect, std::uint32_t first_parameter, bool qualify)
      : dialect_(dialect), parameter_(first_parameter), qualify_(qualify) {}

  Piece run(std::span<const Token> tokens) {
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      if (tokens[at].op() == Op::field) {
        push(column(tokens[++at].column()));
      } else {
        step(tokens[at]);
      }
    }
    return pop();
  }

 private:
  void push(Piece piece) { stack_.push_back(std::move(piece)); }
  Piece pop() {
    Piece piece = std::move(stack_.back());
    stack_.pop_back();
    return piece;
  }
  std::string column(const ColumnRef& column) const {
    std::string sql;
    if (qualify_) {
      dialect_.quote(sql, column.table().name);
      sql += '.';
    }
    dialect_.quote(sql, field_of(column).name);
    return sql;
  }
  void push(std::string sql) { stack_.push_back({std::move(sql), {}, atom}); }

  static void append(Piece& to, Piece&& operand, int precedence) {
    const bool parentheses = operand.precedence < precedence;
    if (parentheses) to.sql += '(';
    to.sql += operand.sql;
    if (parentheses) to.sql += ')';
    to.bindings.insert(to.bindings.end(), operand.bindings.begin(), operand.bindings.end());
  }
  void binary(const BinaryOperator& op, bool associative) {
    Piece right = pop();
    Piece left = pop();
    Piece whole{{}, {}, op.precedence};
    append(whole, std::move(left), op.precedence);
    whole.sql += op.sql;
    append(whole, std::move(right), associative ? op.precedence : op.precedence + 1);
    push(std::move(whole));
  }
  void wrap(std::string_view before, std::string_view after, int inner, int outer) {
    Piece whole{std::string(before), {}, outer};
    append(whole, pop(), inner);
    whole.sql += after;
    push(std::move(whole));
  }
  void among(Token token) {
    const bool in = token.op() == Op::in;
    const std::uint32_t values = token.b();
    if (values == 0) {  // SQL has no empty list
      pop();
      push(in ? "1 = 0" : "1 = 1");
      stack_.back().precedence = precedence_compare;
      return;
    }
    const std::uint32_t list = pop().bindings[0].parameter;
    Piece whole{{}, {}, precedence_compare};
    append(whole, pop(), precedence_compare + 1);
    if (const std::optional<Dialect::ListTest> test = dialect_.list_test(in, values)) {
      whole.sql += test->before;
      whole.sql += '\0';
      whole.sql += test->after;
      whole.bindings.push_back({list});
      return push(std::move(whole));
    }
    if (values > dialect_.max_parameters()) throw_too_many(values);
    whole.sql += in ? " IN (" : " NOT IN (";
    for (std::uint32_t i = 0; i < values; ++i) {
      if (i != 0) whole.sql += ", ";
      whole.sql += '\0';
      whole.bindings.push_back({list, i});
    }
    whole.sql += ')';
    push(std::move(whole));
  }
  [[noreturn]] void throw_too_many(std::uint32_t values) const {
    throw UsageError("in() has " + std::to_string(values) + " values, and a statement takes at most " +
                     std::to_string(dialect_.max_parameters()) +
                     " here; ask in several queries, or put the values into a table and join() it");
  }
  void between() {
    Piece high = pop();
    Piece low = pop();
    Piece whole{{}, {}, precedence_compare};
    append(whole, pop(), precedence_compare + 1);
    whole.sql += " BETWEEN ";
    append(whole, std::move(low), precedence_compare + 1);
    whole.sql += " AND ";
    append(whole, std::move(high), precedence_compare + 1);
    push(std::move(whole));
  }
  void step(Token token) {
    switch (token.op()) {
      case Op::parameter:
        stack_.push_back({std::string(1, '\0'), {{parameter_++}}, atom});
        return;
      case Op::null:
        push(std::string("NULL"));
        return;
      case Op::count_all:
        push(std::string("COUNT(*)"));
        return;
      case Op::is_null:
        wrap("", " IS NULL", precedence_compare + 1, precedence_compare);
        return;
      case Op::is_not_null:
        wrap("", " IS NOT NULL", precedence_compare + 1, precedence_compare);
        return;
      case Op::logical_not:
        wrap("NOT ", "", precedence_not + 1, precedence_not);
        return;
      case Op::ascending:
        wrap("", " ASC", 0, 0);
        return;
      case Op::descending:
        wrap("", " DESC", 0, 0);
        return;
      case Op::like:
        binary({" LIKE ", precedence_compare}, false);
        stack_.back().sql += " ESCAPE '!'";
        return;
      case Op::in:
      case Op::not_in:
        among(token);
        return;
      case Op::between:
        between();
        return;
      case Op::logical_and:
      case Op::logical_or:
        binary(binary_operator(token.op()), true);
        return;
      default:
        break;
    }
    if (const std::string_view name = function_name(token.op()); !name.empty()) {
      wrap(name, ")", 0, atom);
    } else {
      binary(binary_operator(token.op()), false);
    }
  }

  const Dialect& dialect_;
  std::uint32_t parameter_;
  bool qualify_;
  std::vector<Piece> stack_;
};

}  // namespace

bool contains_aggregate(std::span<const Token> expression) {
  for (std::size_t at = 0; at < expression.size(); ++at) {
    switch (expression[at].op()) {
      case Op::field:
        ++at;  // over the column
        break;
      case Op::count_all:
      case Op::count:
      case Op::count_distinct:
      case Op::sum:
      case Op::minimum:
      case Op::maximum:
      case Op::average:
        return true;
      default:
        break;
    }
  }
  return false;
}

const mapping::Field& field_of(const ColumnRef& column) { return column.table().fields[column.field()]; }

void render_expression(const Dialect& dialect, std::span<const Token> tokens, std::uint32_t first_parameter,
                       Surroundings surroundings, Rendered& out) {
  const Piece piece = ExpressionRenderer(dialect, first_parameter, surroundings.qualify).run(tokens);
  const bool parentheses = surroundings.beside_and && piece.precedence < precedence_and;
  if (parentheses) out.sql += '(';
  std::size_t next = 0;
  for (const char c : piece.sql) {
    if (c != '\0') {
      out.sql += c;
      continue;
    }
    out.bindings.push_back(piece.bindings[next++]);
    dialect.placeholder(out.sql, out.bindings.size());
  }
  if (parentheses) out.sql += ')';
}

}  // namespace core_lib::sql::detail
