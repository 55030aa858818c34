// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "core_lib/mapping/entity_table.hpp"

namespace core_lib::sql::detail {

/// A column, without its type: one static object per member pointer, whose address stands for it.
struct alignas(8) ColumnRef {
  const mapping::EntityTable& (*table)();
  std::size_t (*field)();
};

/// A table, without its type: one static object per entity.
struct alignas(8) TableRef {
  const mapping::EntityTable& (*table)();
};

enum class Op : std::uint8_t {
  // Statements. The next token is a TableRef.
  select,            ///< sections follow
  count_rows,        ///< sections follow
  exists,            ///< sections follow
  update,            ///< sections follow
  remove,            ///< sections follow
  insert,            ///< a: rows; b: 1 = the key too, 0 = the database makes it
  insert_returning,  ///< as insert, without the key, and gives the keys back
  upsert,            ///< as insert; conflict sections follow
  upsert_returning,  ///< the same, and gives the keys back
  update_returning,  ///< as update, and gives its rows back
  remove_returning,  ///< as remove, and gives its rows back
  get,               ///< by primary key
  save,              ///< all fields but the key, by key
  // Sections of a statement: a = tokens that follow, b = number of its first parameter.
  where,
  order_by,
  group_by,
  column,  ///< one column of the result
  assign,  ///< one assignment of an update: column, then expression
  join,    ///< a TableRef, then the condition
  left_join,
  limit,
  offset,
  distinct,
  for_update,
  conflict,  ///< no tokens; b: a field by which an upsert finds the row that is there
  // Expressions, in postfix order.
  field,  ///< a ColumnRef follows
  parameter,
  null,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  like,
  is_null,
  is_not_null,
  in,      ///< over a column and a list; b: as many values, or some fewer; 0: there is no list
  not_in,  ///< the same
  between,
  logical_and,
  logical_or,
  logical_not,
  add,
  subtract,
  multiply,
  divide,
  count_all,
  count,
  count_distinct,
  sum,
  minimum,
  maximum,
  average,
  lower,
  upper,
  ascending,
  descending,
};

/// One step of a statement's shape. Two statements of equal tokens have equal SQL, so that the tokens are the key of
/// the statement cache and no text is built for a statement that ran before.
class Token {
 public:
  Token(Op op, std::uint16_t a = 0, std::uint32_t b = 0) noexcept  // NOLINT: tokens are written as operators
      : bits_((std::uint64_t{b} << 32U) | (std::uint64_t{a} << 16U) | (static_cast<std::uint64_t>(op) << 1U) | 1U) {}
  Token(const ColumnRef& column) noexcept : bits_(reinterpret_cast<std::uintptr_t>(&column)) {}  // NOLINT
  Token(const TableRef& table) noexcept : bits_(reinterpret_cast<std::uintptr_t>(&table)) {}     // NOLINT

  [[nodiscard]] Op op() const noexcept { return static_cast<Op>((bits_ >> 1U) & 0x7FU); }
  [[nodiscard]] std::uint16_t a() const noexcept { return static_cast<std::uint16_t>(bits_ >> 16U); }
  [[nodiscard]] std::uint32_t b() const noexcept { return static_cast<std::uint32_t>(bits_ >> 32U); }
  [[nodiscard]] const ColumnRef& column() const noexcept { return *reinterpret_cast<const ColumnRef*>(bits_); }
  [[nodiscard]] const TableRef& table() const noexcept { return *reinterpret_cast<const TableRef*>(bits_); }

 private:
  std::uint64_t bits_;
};

}  // namespace core_lib::sql::detail
