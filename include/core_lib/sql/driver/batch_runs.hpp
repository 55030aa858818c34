// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core_lib/sql/driver/statement.hpp"

namespace core_lib::sql::driver {

/// One execution among several.
struct BatchRun {
  Statement& statement;                         ///< May be that of other runs as well.
  std::span<const mapping::Scalar> parameters;  ///< Behind each text stands a NUL.
};

/// What Connection::execute_all() runs, in order. Lifetime: borrows all of it.
class BatchRuns {
 public:
  /// One of them, as its batch keeps it.
  struct Entry {
    std::uint32_t statement;        ///< Its place among the statements.
    std::uint32_t parameters;       ///< How many.
    const mapping::Scalar* values;  ///< Its first parameter.
  };

  BatchRuns(std::span<Statement* const> statements, std::span<const Entry> entries) noexcept
      : statements_(statements), entries_(entries) {}

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] BatchRun operator[](std::size_t run) const noexcept {
    const Entry& entry = entries_[run];
    return {*statements_[entry.statement], {entry.values, entry.parameters}};
  }

 private:
  std::span<Statement* const> statements_;
  std::span<const Entry> entries_;
};

/// Follows the runs of Connection::execute_all(), one after the other.
class BatchListener {
 public:
  virtual ~BatchListener() = default;

  /// A run is done, and has no rows to fetch. Its statement needs no closing.
  /// @param rows  that it matched
  virtual void wrote(std::size_t run, std::uint64_t rows) = 0;
  /// It is done: its rows are to be fetched, and its statement to be closed, before this returns.
  /// @param columns  of its rows, as Statement::execute() tells
  virtual void read(std::size_t run, std::size_t columns) = 0;
};

}  // namespace core_lib::sql::driver
