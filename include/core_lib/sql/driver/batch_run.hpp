// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "core_lib/sql/driver/statement.hpp"

namespace core_lib::sql::driver {

/// One execution among several, which Connection::execute_all() runs. Lifetime: borrows all of it.
struct BatchRun {
  Statement& statement;  ///< May be that of other runs as well.
  std::span<const mapping::Scalar> parameters;
};

/// Follows the runs of Connection::execute_all(), one after the other.
class BatchListener {
 public:
  virtual ~BatchListener() = default;

  /// A run starts, or its turn has come.
  virtual void begins(std::size_t run) = 0;
  /// It is done: its rows are to be fetched, and its statement to be closed, before this returns.
  /// @param columns  of its rows, as Statement::execute() tells
  virtual void ran(std::size_t run, std::size_t columns) = 0;
};

}  // namespace core_lib::sql::driver
