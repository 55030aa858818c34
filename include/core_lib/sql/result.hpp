// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/mapping/entity.hpp"
#include "core_lib/mapping/field_type.hpp"
#include "core_lib/sql/execution.hpp"

namespace core_lib::sql {

/// All rows of one statement, read and owned: it may leave the scope.
class Result {
 public:
  /// One row of a result. Lifetime: its result's.
  class Row {
   public:
    /// The value of a column, as T. Errors: UsageError for an unknown column, ConversionError where it does not fit.
    template <class T>
    [[nodiscard]] T get(std::string_view column) const {
      return get<T>(result_->column_of(column));
    }
    /// The same by position, which counts from 0.
    template <class T>
    [[nodiscard]] T get(std::size_t column) const {
      T value{};
      result_->decode(row_, column, mapping::field_type<T>, &value);
      return value;
    }

   private:
    friend class Result;
    Row(const Result& result, std::size_t row) noexcept : result_(&result), row_(row) {}
    const Result* result_;
    std::size_t row_;
  };

  /// Reads the execution to its end.
  explicit Result(detail::Execution&& execution);

  /// Rows.
  [[nodiscard]] std::size_t size() const noexcept { return rows_ ? rows_->count : 0; }
  /// True without a row.
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  /// Rows that the statement matched, where it wrote.
  [[nodiscard]] std::uint64_t rows_matched() const noexcept { return rows_matched_; }
  /// The names of the columns, as the engine gives them.
  [[nodiscard]] const std::vector<std::string>& columns() const noexcept;
  /// Errors: UsageError beyond the end.
  [[nodiscard]] Row operator[](std::size_t row) const;
  /// The first column of the first row. Errors: NotFoundError without a row.
  template <class T>
  [[nodiscard]] T scalar() const {
    return only_row().get<T>(0U);
  }
  /// The rows as plain structs, whose fields are found by the columns' names. Errors: UsageError for a field without a
  /// column, ConversionError.
  template <class Struct>
  [[nodiscard]] std::vector<Struct> as() const {
    const std::span<const mapping::Field> fields = mapping::fields_of<Struct>();
    const std::vector<std::size_t> positions = columns_of(fields);
    std::vector<Struct> rows(size());
    for (std::size_t i = 0; i < rows.size(); ++i) decode(i, fields, positions, &rows[i]);
    return rows;
  }

 private:
  friend class Session;
  struct Rows {
    std::vector<std::string> columns;
    std::vector<mapping::Scalar> values;
    mapping::Scratch kept;  // what the values borrow
    std::size_t count = 0;
  };
  /// That of a statement without rows.
  explicit Result(std::uint64_t rows_matched) noexcept : rows_matched_(rows_matched) {}
  [[nodiscard]] Row only_row() const;
  [[nodiscard]] std::size_t column_of(std::string_view name) const;
  [[nodiscard]] std::vector<std::size_t> columns_of(std::span<const mapping::Field> fields) const;
  void decode(std::size_t row, std::size_t column, const mapping::FieldType& type, void* target) const;
  void decode(std::size_t row, std::span<const mapping::Field> fields, const std::vector<std::size_t>& positions,
              void* target) const;

  std::unique_ptr<Rows> rows_;  // null for a statement that has none: batches give many of those
  std::uint64_t rows_matched_ = 0;
};

}  // namespace core_lib::sql
