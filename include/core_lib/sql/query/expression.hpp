// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "core_lib/sql/query/inline_vector.hpp"
#include "core_lib/sql/query/parameter.hpp"
#include "core_lib/sql/query/token.hpp"

namespace core_lib::sql {
namespace detail {

struct ExpressionData {
  InlineVector<Token, 8> tokens;
  InlineVector<Parameter, 2> parameters;

  void append(ExpressionData&& other) {
    tokens.append(std::move(other.tokens));
    parameters.append(std::move(other.parameters));
  }
  void add_parameter(Parameter parameter) {
    tokens.push_back(Op::parameter);
    parameters.push_back(std::move(parameter));
  }
};

/// The entities whose columns an expression uses.
template <class... Entities>
struct EntitySet {};

template <class T, class... All>
inline constexpr bool is_one_of = (std::is_same_v<T, All> || ...);

template <class A, class B>
struct Union;
template <class... A>
struct Union<EntitySet<A...>, EntitySet<>> {
  using type = EntitySet<A...>;
};
template <class... A, class B, class... Bs>
struct Union<EntitySet<A...>, EntitySet<B, Bs...>> {
  using type = typename Union<std::conditional_t<is_one_of<B, A...>, EntitySet<A...>, EntitySet<A..., B>>,
                              EntitySet<Bs...>>::type;
};

template <class Subset, class... All>
inline constexpr bool is_subset = false;
template <class... Some, class... All>
inline constexpr bool is_subset<EntitySet<Some...>, All...> = (is_one_of<Some, All...> && ...);

struct ExpressionTag {};
template <class T>
concept AnyExpression = std::is_base_of_v<ExpressionTag, std::remove_cvref_t<T>>;

template <class T>
struct ValueOf {
  using type = T;
};
template <class T>
struct ValueOf<std::optional<T>> {
  using type = T;
};
template <AnyExpression T>
struct ValueOf<T> {
  using type = typename ValueOf<typename T::value_type>::type;
};
/// What a column holds or a value is, without the optional around it.
template <class T>
using value_of = typename ValueOf<std::remove_cvref_t<T>>::type;

template <class T>
struct EntitiesOf {
  using type = EntitySet<>;
};
template <AnyExpression T>
struct EntitiesOf<T> {
  using type = typename T::entities;
};
template <class A, class B>
using united = typename Union<typename EntitiesOf<std::remove_cvref_t<A>>::type,
                              typename EntitiesOf<std::remove_cvref_t<B>>::type>::type;

template <class T>
inline constexpr bool is_integer = std::is_integral_v<T> && !std::is_same_v<T, bool>;
template <class T>
inline constexpr bool is_text_like = std::is_convertible_v<const T&, std::string_view>;

/// Instants of all durations are one type to a database.
template <class T>
inline constexpr bool is_instant = false;
template <class Duration>
inline constexpr bool is_instant<std::chrono::time_point<std::chrono::system_clock, Duration>> =
    !std::is_same_v<Duration, std::chrono::days>;

/// True where a column of one type may meet a value or column of the other.
template <class A, class B>
inline constexpr bool is_comparable =
    std::is_same_v<A, B> || (is_integer<A> && is_integer<B>) || (is_instant<A> && is_instant<B>) ||
    (std::is_floating_point_v<A> && (std::is_floating_point_v<B> || is_integer<B>)) ||
    (std::is_same_v<A, std::string> && is_text_like<B>) ||
    (!std::is_arithmetic_v<A> && !std::is_arithmetic_v<B> && std::is_convertible_v<B, A>);

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// A value on its way into a column that holds `Stored`.
template <class Stored, class T>
[[nodiscard]] Parameter parameter_for(T&& value) {
  using Value = std::remove_cvref_t<T>;
  static_assert(is_comparable<Stored, Value>,
                "core_lib: this value does not have the type of the column; convert it explicitly");
  if constexpr ((is_integer<Stored> && is_integer<Value>) || (is_instant<Stored> && is_instant<Value>) ||
                std::is_same_v<Stored, Value> || (std::is_same_v<Stored, std::string> && is_text_like<Value>)) {
    return Parameter::of(std::forward<T>(value));
  } else {
    return Parameter::of(static_cast<Stored>(std::forward<T>(value)));
  }
}

}  // namespace detail

/// Something that the database computes from columns and values; filter() takes those whose value is bool.
/// Values are bound, never written into the SQL. Copies are independent.
template <class Value, class Entities>
class Expression : public detail::ExpressionTag {
 public:
  using value_type = Value;
  using entities = Entities;

  Expression() noexcept = default;
  explicit Expression(detail::ExpressionData&& data) noexcept : data_(std::move(data)) {}

  /// For the query layer and the operators: the expression as tokens and values.
  /// @{
  [[nodiscard]] detail::ExpressionData&& data() && noexcept { return std::move(data_); }
  [[nodiscard]] detail::ExpressionData data() const& { return data_; }
  [[nodiscard]] detail::ExpressionData& building() noexcept { return data_; }
  /// @}

 private:
  detail::ExpressionData data_;
};

namespace detail {

template <class T>
void append_expression(ExpressionData& data, T&& expression) {
  if constexpr (requires { expression.append_to(data); }) {
    expression.append_to(data);
  } else {
    data.append(std::forward<T>(expression).data());
  }
}

template <class Stored, class T>
void append_operand(ExpressionData& data, T&& operand) {
  if constexpr (AnyExpression<T>) {
    static_assert(is_comparable<Stored, value_of<T>> || is_comparable<value_of<T>, Stored>,
                  "core_lib: these two columns hold different types and cannot be compared");
    append_expression(data, std::forward<T>(operand));
  } else if constexpr (is_optional<std::remove_cvref_t<T>>) {
    if (operand) {
      data.add_parameter(parameter_for<Stored>(*std::forward<T>(operand)));
    } else {
      data.tokens.push_back(Op::null);
    }
  } else if constexpr (std::is_same_v<std::remove_cvref_t<T>, std::nullopt_t>) {
    data.tokens.push_back(Op::null);
  } else {
    data.add_parameter(parameter_for<Stored>(std::forward<T>(operand)));
  }
}

/// What decides the type of a binary operation: the side that is an expression, the left one first.
template <class L, class R>
using stored_type = value_of<std::conditional_t<AnyExpression<L>, L, R>>;

template <class Value, class L, class R>
[[nodiscard]] auto binary(Op op, L&& left, R&& right) {
  using Stored = stored_type<L, R>;
  Expression<Value, united<L, R>> expression;
  append_operand<Stored>(expression.building(), std::forward<L>(left));
  append_operand<Stored>(expression.building(), std::forward<R>(right));
  expression.building().tokens.push_back(op);
  return expression;
}

template <class Value, class T>
[[nodiscard]] auto unary(Op op, T&& operand) {
  Expression<Value, typename std::remove_cvref_t<T>::entities> expression;
  append_expression(expression.building(), std::forward<T>(operand));
  expression.building().tokens.push_back(op);
  return expression;
}

template <class T>
[[nodiscard]] bool is_missing(const T& value) {
  if constexpr (std::is_same_v<T, std::nullopt_t>) {
    return true;
  } else if constexpr (is_optional<T>) {
    return !value.has_value();
  } else {
    return false;
  }
}

/// `== nullopt` and an empty optional mean IS NULL, since nothing is equal to NULL in SQL.
template <class L, class R>
[[nodiscard]] auto equality(Op op, Op null_op, L&& left, R&& right) {
  if constexpr (AnyExpression<L> && !AnyExpression<R>) {
    if (is_missing(right)) {
      return Expression<bool, united<L, R>>(unary<bool>(null_op, std::forward<L>(left)).data());
    }
  }
  return binary<bool>(op, std::forward<L>(left), std::forward<R>(right));
}

template <class L, class R>
concept SqlOperands = AnyExpression<L> || AnyExpression<R>;

}  // namespace detail

template <class L, class R>
  requires detail::AnyExpression<L>
[[nodiscard]] auto operator==(L&& left, R&& right) {
  return detail::equality(detail::Op::equal, detail::Op::is_null, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::AnyExpression<L>
[[nodiscard]] auto operator!=(L&& left, R&& right) {
  return detail::equality(detail::Op::not_equal, detail::Op::is_not_null, std::forward<L>(left),
                          std::forward<R>(right));
}
// With the value on the left, which C++ would turn around and then expect a bool.
template <class L, detail::AnyExpression R>
  requires(!detail::AnyExpression<L>)
[[nodiscard]] auto operator==(L&& left, R&& right) {
  return std::forward<R>(right) == std::forward<L>(left);
}
template <class L, detail::AnyExpression R>
  requires(!detail::AnyExpression<L>)
[[nodiscard]] auto operator!=(L&& left, R&& right) {
  return std::forward<R>(right) != std::forward<L>(left);
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator<(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::less, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator<=(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::less_equal, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator>(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::greater, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator>=(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::greater_equal, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator+(L&& left, R&& right) {
  return detail::binary<detail::stored_type<L, R>>(detail::Op::add, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator-(L&& left, R&& right) {
  return detail::binary<detail::stored_type<L, R>>(detail::Op::subtract, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator*(L&& left, R&& right) {
  return detail::binary<detail::stored_type<L, R>>(detail::Op::multiply, std::forward<L>(left), std::forward<R>(right));
}
template <class L, class R>
  requires detail::SqlOperands<L, R>
[[nodiscard]] auto operator/(L&& left, R&& right) {
  return detail::binary<detail::stored_type<L, R>>(detail::Op::divide, std::forward<L>(left), std::forward<R>(right));
}
template <detail::AnyExpression L, detail::AnyExpression R>
[[nodiscard]] auto operator&&(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::logical_and, std::forward<L>(left), std::forward<R>(right));
}
template <detail::AnyExpression L, detail::AnyExpression R>
[[nodiscard]] auto operator||(L&& left, R&& right) {
  return detail::binary<bool>(detail::Op::logical_or, std::forward<L>(left), std::forward<R>(right));
}
template <detail::AnyExpression T>
[[nodiscard]] auto operator!(T&& operand) {
  return detail::unary<bool>(detail::Op::logical_not, std::forward<T>(operand));
}

}  // namespace core_lib::sql
