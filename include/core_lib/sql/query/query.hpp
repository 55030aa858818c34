// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "core_lib/sql/argument.hpp"
#include "core_lib/sql/cursor.hpp"
#include "core_lib/sql/execution.hpp"
#include "core_lib/sql/query/page.hpp"
#include "core_lib/sql/query/query_data.hpp"
#include "core_lib/sql/row_reader.hpp"

namespace core_lib::sql {

namespace detail {
[[noreturn]] void throw_no_row(const mapping::EntityTable& table, std::string_view function);
[[noreturn]] void throw_more_than_one_row(const mapping::EntityTable& table);
void require_condition(const QueryData& query, std::string_view function);
/// Checks that there are as many values as key fields, and of their kinds, and that nothing else was asked.
void check_key(const mapping::EntityTable& table, std::span<const mapping::Scalar> key, const QueryData& query);
}  // namespace detail

/// A typed question to one table and those joined to it; nothing runs until a function that answers is called.
/// `Result` is what a row becomes: the entity, or what select() asked for.
/// Lifetime: within its session. Errors of all answers: SyntaxError, ConversionError, DeadlineExceeded, ...;
/// any of them dooms the session's transaction, but NotFoundError and "more than one row" do not.
template <class Result, class From, class... Joined>
class [[nodiscard]] Query {
  static_assert(mapping::is_entity<From> && (mapping::is_entity<Joined> && ...),
                "core_lib: this type is no entity; say where it is kept: template <> struct core_lib::Entity<T> : "
                "core_lib::entity<\"table\", core_lib::key<&T::id>> {};");

 public:
  using is_scope_bound = void;

  explicit Query(Session& session)
    requires(std::is_same_v<Result, From> && sizeof...(Joined) == 0)
      : session_(&session), data_(detail::Op::select, detail::table_ref_of<From>) {}
  Query(Session& session, detail::QueryData&& data) noexcept : session_(&session), data_(std::move(data)) {}

  /// Keeps the rows for which every condition holds; further calls narrow further.
  template <class... Conditions>
  [[nodiscard]] Query&& filter(Conditions&&... conditions) && {
    (add_filter(std::forward<Conditions>(conditions)), ...);
    return std::move(*this);
  }
  /// The same for a query that has a name, to which filters are added one by one.
  template <class... Conditions>
  Query& filter(Conditions&&... conditions) & {
    (add_filter(std::forward<Conditions>(conditions)), ...);
    return *this;
  }
  /// Says that update() or remove() is meant for every row of the table.
  [[nodiscard]] Query&& all_rows() && noexcept {
    data_.has_condition = true;
    return std::move(*this);
  }
  /// Sorts by columns, each ascending unless wrapped in desc().
  template <class... Orderings>
  [[nodiscard]] Query&& order_by(Orderings&&... orderings) && {
    static_assert((detail::AnyOrdering<Orderings> && ...),
                  "core_lib: order_by() takes columns and expressions, such as users::name or desc(users::name)");
    if constexpr ((detail::AnyOrdering<Orderings> && ...)) {
      (add_section(detail::Op::order_by, std::forward<Orderings>(orderings)), ...);
    }
    return std::move(*this);
  }
  /// One row for each different combination of these columns; select() them and aggregates such as count().
  template <class... Columns>
  [[nodiscard]] Query&& group_by(Columns&&... columns) && {
    static_assert((detail::AnyExpression<Columns> && ...), "core_lib: group_by() takes columns, such as users::city");
    if constexpr ((detail::AnyExpression<Columns> && ...)) {
      (add_section(detail::Op::group_by, std::forward<Columns>(columns)), ...);
    }
    return std::move(*this);
  }
  /// At most so many rows.
  [[nodiscard]] Query&& limit(std::int64_t rows) && {
    add_number(detail::Op::limit, rows);
    return std::move(*this);
  }
  /// Leaves out so many rows at the start.
  [[nodiscard]] Query&& offset(std::int64_t rows) && {
    add_number(detail::Op::offset, rows);
    return std::move(*this);
  }
  /// Keeps others from changing the rows that are read, until the transaction ends. On SQLite this says nothing new:
  /// there, a scope that may write is the only one from its first statement on.
  [[nodiscard]] Query&& for_update() && {
    data_.add_flag(detail::Op::for_update);
    return std::move(*this);
  }
  /// The next rows in the order of these columns, each ascending unless wrapped in desc(): those behind `last`, or the
  /// first ones where there is none. It costs the same for every page, and no row is skipped or met twice while others
  /// come and go. In place of order_by() and limit(); the columns together must be unique, so end with the key.
  template <class... Columns>
  [[nodiscard]] Query&& page_after(const std::optional<From>& last, std::int64_t rows, Columns... columns) && {
    static_assert(sizeof...(Columns) > 0 && (detail::PageColumn<Columns>::known && ...),
                  "core_lib: page_after() orders by columns, such as users::id or desc(users::name)");
    if constexpr (sizeof...(Columns) > 0 && (detail::PageColumn<Columns>::known && ...)) {
      static_assert(!(detail::PageColumn<Columns>::nullable || ...),
                    "core_lib: page_after() needs columns that cannot be null, as nothing comes after null");
      if (last) add_filter(detail::behind<Columns...>(*last));
      (add_section(detail::Op::order_by, columns), ...);
    }
    add_number(detail::Op::limit, rows);
    return std::move(*this);
  }
  /// Each different row once.
  [[nodiscard]] Query&& distinct() && {
    data_.add_section(detail::Op::distinct, {});
    return std::move(*this);
  }
  /// Adds the rows of another table for which the condition holds.
  template <class Entity, class Condition>
  Query<Result, From, Joined..., Entity> join(Condition&& condition) && {
    return std::move(*this).template add_join<Entity>(detail::Op::join, std::forward<Condition>(condition));
  }
  /// The same, but keeps rows without a partner: read the other table's columns by nullable().
  template <class Entity, class Condition>
  Query<Result, From, Joined..., Entity> left_join(Condition&& condition) && {
    return std::move(*this).template add_join<Entity>(detail::Op::left_join, std::forward<Condition>(condition));
  }
  /// Asks for these columns and expressions instead of the entity: one is its value, more are a std::tuple.
  template <class... Expressions>
  [[nodiscard]] auto select(Expressions&&... expressions) && {
    static_assert(sizeof...(Expressions) > 0, "core_lib: select() needs at least one column");
    (add_section(detail::Op::column, std::forward<Expressions>(expressions)), ...);
    using Row = std::conditional_t<
        sizeof...(Expressions) == 1,
        typename std::tuple_element_t<0, std::tuple<std::remove_cvref_t<Expressions>...>>::value_type,
        std::tuple<typename std::remove_cvref_t<Expressions>::value_type...>>;
    return Query<Row, From, Joined...>(*session_, std::move(data_));
  }

  /// The entity with this primary key (its values in the key's order), or nothing.
  template <class... Key>
  [[nodiscard]] std::optional<Result> get(const Key&... key) && {
    return std::move(*this).get_by([](detail::Execution& execution) { return read_row(execution); }, key...);
  }
  /// The same, but throws NotFoundError where there is no such row.
  template <class... Key>
  [[nodiscard]] Result get_one(const Key&... key) && {
    return std::move(*this).get_by([](detail::Execution& execution) { return read_one(execution, "get_one()"); },
                                   key...);
  }

  /// Every row, in memory: see stream() for many.
  [[nodiscard]] std::vector<Result> all() && {
    std::vector<Result> rows;
    detail::Execution execution(*session_, data_);
    rows.reserve(execution.rows_ahead());
    if constexpr (std::is_same_v<Result, bool>) {  // a vector of bool has no elements to refer to
      for (bool row = false; execution.fetch(); rows.push_back(row)) detail::RowReader<bool>::read(execution, row);
    } else {
      while (execution.fetch()) detail::RowReader<Result>::read(execution, rows.emplace_back());
    }
    return rows;
  }
  /// The first row, or nothing.
  [[nodiscard]] std::optional<Result> first() && {
    add_number(detail::Op::limit, 1);
    detail::Execution execution(*session_, data_);
    return read_row(execution);
  }
  /// The only row. Errors: NotFoundError for none, UsageError for more than one.
  [[nodiscard]] Result one() && {
    add_number(detail::Op::limit, 2);
    detail::Execution execution(*session_, data_);
    Result row = read_one(execution, "one()");
    if (execution.fetch()) detail::throw_more_than_one_row(mapping::entity_table<From>());
    return row;
  }
  /// Rows that all() would give.
  [[nodiscard]] std::int64_t count() && { return std::move(*this).number(detail::Op::count_rows); }
  /// True where all() would give a row; the database stops at the first.
  [[nodiscard]] bool exists() && { return std::move(*this).number(detail::Op::exists) != 0; }
  /// Rows one by one, in constant memory.
  [[nodiscard]] Cursor<Result> stream() && { return Cursor<Result>(*session_, std::move(data_)); }

  /// Assigns to every row that the filters keep, and tells how many those were, changed or not.
  /// Errors: UsageError without filter() or all_rows().
  template <class... Assignments>
  std::uint64_t update(Assignments&&... assignments) && {
    assign(detail::Op::update, "update()", std::forward<Assignments>(assignments)...);
    return detail::Execution(*session_, data_).finish();
  }
  /// The same, and gives back those rows as they are then. Errors: UsageError too where the engine cannot: MariaDB.
  template <class... Assignments>
  [[nodiscard]] std::vector<Result> update_returning(Assignments&&... assignments) && {
    assign(detail::Op::update_returning, "update_returning()", std::forward<Assignments>(assignments)...);
    return std::move(*this).all();
  }
  /// Deletes every row that the filters keep, and tells how many those were.
  /// Errors: UsageError without filter() or all_rows().
  std::uint64_t remove() && {
    static_assert(std::is_same_v<Result, From> && sizeof...(Joined) == 0,
                  "core_lib: remove() works on one table; filter by columns of its own");
    detail::require_condition(data_, "remove()");
    data_.set_statement(detail::Op::remove);
    return detail::Execution(*session_, data_).finish();
  }
  /// The same, and gives back those rows as they were.
  [[nodiscard]] std::vector<Result> remove_returning() && {
    static_assert(std::is_same_v<Result, From> && sizeof...(Joined) == 0,
                  "core_lib: remove_returning() works on one table; filter by columns of its own");
    detail::require_condition(data_, "remove_returning()");
    data_.set_statement(detail::Op::remove_returning);
    return std::move(*this).all();
  }

 private:
  template <class Condition>
  static constexpr bool is_condition = [] {
    if constexpr (detail::AnyExpression<Condition>) {
      return std::is_same_v<detail::value_of<Condition>, bool>;
    } else {
      return false;
    }
  }();

  template <class Condition>
  void add_filter(Condition&& condition) {
    static_assert(detail::AnyExpression<Condition>,
                  "core_lib: filter() takes conditions over columns, such as users::id == 5");
    static_assert(!detail::AnyExpression<Condition> || is_condition<Condition>,
                  "core_lib: filter() takes a condition; compare this column with something");
    if constexpr (is_condition<Condition>) {
      data_.has_condition = true;
      add_section(detail::Op::where, std::forward<Condition>(condition));
    }
  }
  template <class Expression>
  void add_section(detail::Op section, Expression&& expression) {
    static_assert(detail::is_subset<typename std::remove_cvref_t<Expression>::entities, From, Joined...>,
                  "core_lib: a column of another entity is used; join() that entity first");
    data_.add_section(section, std::forward<Expression>(expression).data());
  }
  template <class... Assignments>
  void assign(detail::Op statement, std::string_view function, Assignments&&... assignments) {
    static_assert(std::is_same_v<Result, From> && sizeof...(Joined) == 0,
                  "core_lib: update() works on one table; filter by columns of its own");
    static_assert(sizeof...(Assignments) > 0, "core_lib: update() needs at least one assignment, such as name = value");
    detail::require_condition(data_, function);
    data_.set_statement(statement);
    static_assert((detail::AnyAssignment<Assignments> && ...),
                  "core_lib: update() takes assignments, such as users::name = value, with one =");
    if constexpr ((detail::AnyAssignment<Assignments> && ...)) {
      (add_section(detail::Op::assign, std::forward<Assignments>(assignments)), ...);
    }
  }
  void add_number(detail::Op section, std::int64_t number) {
    detail::ExpressionData data;
    data.add_parameter(detail::Parameter(mapping::Scalar::integer(number)));
    data_.add_section(section, std::move(data));
  }
  template <class Entity, class Condition>
  Query<Result, From, Joined..., Entity> add_join(detail::Op section, Condition&& condition) && {
    static_assert(
        !detail::is_one_of<Entity, From, Joined...>,
        "core_lib: join() of an entity that the query has already; its columns could not be told apart, so write "
        "such a statement for execute()");
    static_assert(is_condition<Condition>,
                  "core_lib: join() takes a condition over columns, such as pets::user_id == users::id");
    if constexpr (is_condition<Condition>) {
      static_assert(detail::is_subset<typename std::remove_cvref_t<Condition>::entities, From, Joined..., Entity>,
                    "core_lib: join() takes a condition over the columns of the joined entity and those before it");
      data_.add_join(section, detail::table_ref_of<Entity>, std::forward<Condition>(condition).data());
    }
    return Query<Result, From, Joined..., Entity>(*session_, std::move(data_));
  }
  template <class Read, class... Key>
  [[nodiscard]] auto get_by(Read read, const Key&... key) && {
    static_assert(std::is_same_v<Result, From> && sizeof...(Joined) == 0,
                  "core_lib: get() finds an entity by its key; use filter() after select() or join()");
    static_assert(sizeof...(Key) > 0, "core_lib: get() needs the values of the key");
    mapping::Scratch scratch;
    const mapping::Scalar values[] = {detail::encode_argument(key, scratch)...};
    detail::check_key(mapping::entity_table<From>(), values, data_);
    const detail::Token shape[] = {detail::Op::get, detail::table_ref_of<From>};
    detail::Execution execution(*session_, shape, values);
    return read(execution);
  }
  [[nodiscard]] static std::optional<Result> read_row(detail::Execution& execution) {
    std::optional<Result> row;
    if (execution.fetch()) detail::RowReader<Result>::read(execution, row.emplace());
    return row;
  }
  /// @param function  for the NotFoundError where there is no row
  [[nodiscard]] static Result read_one(detail::Execution& execution, std::string_view function) {
    if (!execution.fetch()) detail::throw_no_row(mapping::entity_table<From>(), function);
    Result row{};
    detail::RowReader<Result>::read(execution, row);
    return row;
  }
  [[nodiscard]] std::int64_t number(detail::Op statement) && {
    data_.set_statement(statement);
    detail::Execution execution(*session_, data_);
    std::int64_t value = 0;
    if (execution.fetch()) detail::RowReader<std::int64_t>::read(execution, value);
    return value;
  }

  Session* session_;
  detail::QueryData data_;
};

}  // namespace core_lib::sql
