// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/mapping/field.hpp"

namespace core_lib::sql {

/// How one engine spells SQL. The base spells the standard; an engine overrides only what differs.
/// Thread safety: immutable.
class Dialect {
 public:
  virtual ~Dialect() = default;

  /// The engine, as in a configuration's `protocol`: "sqlite".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  /// Appends a table's or column's name, quoted so that any name is safe.
  virtual void quote(std::string& sql, std::string_view identifier) const;
  /// Appends the placeholder of a parameter; `position` counts from 1.
  virtual void placeholder(std::string& sql, std::size_t position) const;
  /// The clause that says "no limit", which some engines need before OFFSET.
  [[nodiscard]] virtual std::string_view no_limit() const noexcept { return ""; }
  /// The text around the placeholder of a whole list.
  struct ListTest {
    std::string_view before;
    std::string_view after;
  };
  /// What follows a column that is to be among the values of a list, or not; nothing where each value has a placeholder
  /// of its own.
  [[nodiscard]] virtual std::optional<ListTest> list_test(bool /*among*/, std::size_t /*values*/) const noexcept {
    return {};
  }
  /// What an INSERT says that gives no value at all.
  [[nodiscard]] virtual std::string_view no_values() const noexcept { return " DEFAULT VALUES"; }
  /// What a SELECT says that keeps others from changing its rows until the transaction ends.
  [[nodiscard]] virtual std::string_view for_update() const noexcept { return " FOR UPDATE"; }
  /// Appends to an INSERT that a row which is there already is written instead.
  /// @param unique   the columns that find it
  /// @param written  those that get the values of the INSERT; at least one
  virtual void upsert(std::string& sql, std::span<const std::string_view> unique,
                      std::span<const std::string_view> written) const;
  /// From so many rows on, load() is faster than INSERT.
  [[nodiscard]] virtual std::size_t least_load() const noexcept { return std::numeric_limits<std::size_t>::max(); }
  /// Appends the statement for driver::Connection::load(). Asked for nothing where least_load() is never reached.
  virtual void load(std::string& sql, std::string_view table, std::span<const std::string_view> columns) const;
  /// True where UPDATE can give back its rows.
  [[nodiscard]] virtual bool update_returns() const noexcept { return true; }
  /// Appends the type of a column in CREATE TABLE, without NULL or keys.
  virtual void column_type(std::string& sql, const mapping::FieldType& type) const = 0;
  /// The same for a column of a key, a constraint or an index, which some engines limit in length.
  virtual void indexed_column_type(std::string& sql, const mapping::FieldType& type) const { column_type(sql, type); }
  /// Appends the definition of a single integer key that the database fills in.
  virtual void generated_key(std::string& sql, const mapping::FieldType& type) const = 0;
  /// What follows the closing parenthesis of CREATE TABLE.
  [[nodiscard]] virtual std::string_view table_options() const noexcept { return ""; }
  /// The statement that makes others wait who create tables at the same time; empty where the engine sees to that.
  [[nodiscard]] virtual std::string_view schema_lock() const noexcept { return ""; }
  /// The most parameters of one statement.
  [[nodiscard]] virtual std::size_t max_parameters() const noexcept = 0;
};

}  // namespace core_lib::sql
