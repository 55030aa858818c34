// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/sql/query/expression.hpp"

namespace core_lib::sql {
namespace detail {

template <class Entity>
inline constexpr TableRef table_ref_of{&mapping::entity_table<Entity>};
template <auto Member>
inline constexpr ColumnRef column_ref_of{&mapping::entity_table<mapping::member_class_t<Member>>,
                                         &mapping::field_index<Member>};

/// A pattern for LIKE that matches `text` itself, with `before` and `after` around it.
[[nodiscard]] std::string like_pattern(std::string_view before, std::string_view text, std::string_view after);

/// Ends an expression with IN or NOT IN. Lists of nearly the same length have one shape.
void push_among(ExpressionData& data, Op op, std::vector<Parameter> values);

struct AssignmentTag {};
template <class T>
concept AnyAssignment = std::is_base_of_v<AssignmentTag, std::remove_cvref_t<T>>;
struct OrderingTag {};
template <class T>
concept AnyOrdering = std::is_base_of_v<OrderingTag, std::remove_cvref_t<T>> || AnyExpression<T>;
}  // namespace detail

/// One assignment of an update: `users::name = "x"`.
template <class Entities>
class Assignment : public detail::AssignmentTag {
 public:
  using entities = Entities;
  /// For the query layer: the column and the value, as tokens.
  /// @{
  [[nodiscard]] detail::ExpressionData&& data() && noexcept { return std::move(data_); }
  [[nodiscard]] detail::ExpressionData data() const& { return data_; }
  [[nodiscard]] detail::ExpressionData& building() noexcept { return data_; }
  /// @}

 private:
  detail::ExpressionData data_;
};

/// A column, named by the member that holds it. Empty and constexpr: give it a name of its own, as in
/// `constexpr auto id = core_lib::col<&User::id>;`, which reads best and keeps `>` and `=` apart.
template <auto Member>
class Column : public detail::ExpressionTag {
 public:
  using entity = mapping::member_class_t<Member>;
  using value_type = mapping::member_type_t<Member>;
  using entities = detail::EntitySet<entity>;

  /// For the query layer: the column as tokens.
  /// @{
  [[nodiscard]] detail::ExpressionData data() const {
    detail::ExpressionData data;
    append_to(data);
    return data;
  }
  void append_to(detail::ExpressionData& data) const {
    data.tokens.push_back(detail::Op::field);
    data.tokens.push_back(detail::column_ref_of<Member>);
  }
  /// @}

  /// An assignment for update(); a value, an expression over columns, or std::nullopt.
  template <class T>
  [[nodiscard]] auto operator=(T&& value) const {  // NOLINT: reads as SQL's SET
    using Value = std::remove_cvref_t<T>;
    static_assert(detail::is_optional<value_type> || !std::is_same_v<Value, std::nullopt_t>,
                  "core_lib: this column cannot be null; make the member a std::optional");
    Assignment<detail::united<Column, Value>> assignment;
    append_to(assignment.building());
    detail::append_operand<detail::value_of<value_type>>(assignment.building(), std::forward<T>(value));
    return assignment;
  }

  /// LIKE, where `%` stands for any text and `_` for one character. Case rules are the engine's.
  [[nodiscard]] auto like(std::string_view pattern) const { return matches(std::string(pattern)); }
  /// LIKE, where `text` stands for itself.
  [[nodiscard]] auto starts_with(std::string_view text) const { return matches(detail::like_pattern("", text, "%")); }
  /// LIKE, where `text` stands for itself.
  [[nodiscard]] auto ends_with(std::string_view text) const { return matches(detail::like_pattern("%", text, "")); }
  /// LIKE, where `text` stands for itself.
  [[nodiscard]] auto contains(std::string_view text) const { return matches(detail::like_pattern("%", text, "%")); }

  /// IS NULL; `== std::nullopt` is the same.
  [[nodiscard]] auto is_null() const { return detail::unary<bool>(detail::Op::is_null, *this); }
  /// IS NOT NULL; `!= std::nullopt` is the same.
  [[nodiscard]] auto is_not_null() const { return detail::unary<bool>(detail::Op::is_not_null, *this); }

  /// True for each of `values`, or for all others; an empty range is nobody.
  /// @{
  template <class Range>
  [[nodiscard]] auto in(const Range& values) const {
    return among(detail::Op::in, values);
  }
  template <class T>
  [[nodiscard]] auto in(std::initializer_list<T> values) const {
    return among(detail::Op::in, values);
  }
  template <class Range>
  [[nodiscard]] auto not_in(const Range& values) const {
    return among(detail::Op::not_in, values);
  }
  template <class T>
  [[nodiscard]] auto not_in(std::initializer_list<T> values) const {
    return among(detail::Op::not_in, values);
  }
  /// @}
  /// Both ends included.
  template <class Low, class High>
  [[nodiscard]] auto between(Low&& low, High&& high) const {
    detail::ExpressionData data = this->data();
    detail::append_operand<detail::value_of<value_type>>(data, std::forward<Low>(low));
    detail::append_operand<detail::value_of<value_type>>(data, std::forward<High>(high));
    data.tokens.push_back(detail::Op::between);
    return Expression<bool, entities>(std::move(data));
  }

 private:
  [[nodiscard]] auto matches(std::string pattern) const {
    static_assert(std::is_same_v<detail::value_of<value_type>, std::string>,
                  "core_lib: like(), starts_with(), ends_with() and contains() need a column of text");
    detail::ExpressionData data = this->data();
    data.add_parameter(detail::Parameter(std::move(pattern)));
    data.tokens.push_back(detail::Op::like);
    return Expression<bool, entities>(std::move(data));
  }
  template <class Range>
  [[nodiscard]] auto among(detail::Op op, const Range& values) const {
    std::vector<detail::Parameter> parameters;
    for (const auto& value : values) {
      parameters.push_back(detail::parameter_for<detail::value_of<value_type>>(value));
    }
    detail::ExpressionData data = this->data();
    detail::push_among(data, op, std::move(parameters));
    return Expression<bool, entities>(std::move(data));
  }
};

/// The same as `column = value`, for those who prefer a word.
template <auto Member, class T>
[[nodiscard]] auto set(Column<Member> column, T&& value) {
  return column = std::forward<T>(value);
}

/// A direction for order_by().
template <class Entities>
class Ordering : public detail::OrderingTag {
 public:
  using entities = Entities;
  explicit Ordering(detail::ExpressionData&& data) noexcept : data_(std::move(data)) {}
  /// For the query layer: the column and its direction, as tokens.
  [[nodiscard]] detail::ExpressionData&& data() && noexcept { return std::move(data_); }
  /// The same, copied.
  [[nodiscard]] detail::ExpressionData data() const& { return data_; }

 private:
  detail::ExpressionData data_;
};

namespace detail {
template <class T>
[[nodiscard]] auto ordering(Op op, T&& expression) {
  ExpressionData data = std::forward<T>(expression).data();
  data.tokens.push_back(op);
  return Ordering<typename std::remove_cvref_t<T>::entities>(std::move(data));
}
}  // namespace detail

/// The direction of one column, which page_after() can go on from.
template <auto Member, bool Descends>
class ColumnOrdering : public Ordering<typename Column<Member>::entities> {
 public:
  explicit ColumnOrdering(Column<Member> column)
      : Ordering<typename Column<Member>::entities>(
            detail::ordering(Descends ? detail::Op::descending : detail::Op::ascending, column).data()) {}
};

template <auto Member>
[[nodiscard]] auto asc(Column<Member> column) {
  return ColumnOrdering<Member, false>(column);
}
template <auto Member>
[[nodiscard]] auto desc(Column<Member> column) {
  return ColumnOrdering<Member, true>(column);
}
template <detail::AnyExpression T>
[[nodiscard]] auto asc(T&& expression) {
  return detail::ordering(detail::Op::ascending, std::forward<T>(expression));
}
template <detail::AnyExpression T>
[[nodiscard]] auto desc(T&& expression) {
  return detail::ordering(detail::Op::descending, std::forward<T>(expression));
}

/// Rows, as in `select(countries::name, count())`.
[[nodiscard]] inline auto count() {
  detail::ExpressionData data;
  data.tokens.push_back(detail::Op::count_all);
  return Expression<std::int64_t, detail::EntitySet<>>(std::move(data));
}
/// Rows where the expression is not null.
template <detail::AnyExpression T>
[[nodiscard]] auto count(T&& expression) {
  return detail::unary<std::int64_t>(detail::Op::count, std::forward<T>(expression));
}
/// Different values that are not null.
template <detail::AnyExpression T>
[[nodiscard]] auto count_distinct(T&& expression) {
  return detail::unary<std::int64_t>(detail::Op::count_distinct, std::forward<T>(expression));
}
/// Null where there is no row.
template <detail::AnyExpression T>
[[nodiscard]] auto sum(T&& expression) {
  using Value = std::conditional_t<detail::is_integer<detail::value_of<T>>, std::int64_t, double>;
  return detail::unary<std::optional<Value>>(detail::Op::sum, std::forward<T>(expression));
}
/// Null where there is no row.
template <detail::AnyExpression T>
[[nodiscard]] auto min(T&& expression) {
  return detail::unary<std::optional<detail::value_of<T>>>(detail::Op::minimum, std::forward<T>(expression));
}
/// Null where there is no row.
template <detail::AnyExpression T>
[[nodiscard]] auto max(T&& expression) {
  return detail::unary<std::optional<detail::value_of<T>>>(detail::Op::maximum, std::forward<T>(expression));
}
/// Null where there is no row.
template <detail::AnyExpression T>
[[nodiscard]] auto avg(T&& expression) {
  return detail::unary<std::optional<double>>(detail::Op::average, std::forward<T>(expression));
}
template <detail::AnyExpression T>
[[nodiscard]] auto lower(T&& expression) {
  return detail::unary<typename std::remove_cvref_t<T>::value_type>(detail::Op::lower, std::forward<T>(expression));
}
template <detail::AnyExpression T>
[[nodiscard]] auto upper(T&& expression) {
  return detail::unary<typename std::remove_cvref_t<T>::value_type>(detail::Op::upper, std::forward<T>(expression));
}
/// The same column, read as std::optional: for columns of a table that left_join() may leave empty.
template <detail::AnyExpression T>
[[nodiscard]] auto nullable(T&& expression) {
  return Expression<std::optional<detail::value_of<T>>, typename std::remove_cvref_t<T>::entities>(
      std::forward<T>(expression).data());
}

}  // namespace core_lib::sql

namespace core_lib {

/// The column that a member stands for; see sql::Column.
template <auto Member>
inline constexpr sql::Column<Member> col{};

using sql::asc;
using sql::desc;

}  // namespace core_lib
