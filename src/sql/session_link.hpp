// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "sql/statement_cache.hpp"

namespace core_lib::sql::detail {

/// What the pool lends: a connection with its prepared statements, which end before it does.
struct SessionLink {
  SessionLink(std::unique_ptr<driver::Connection> opened, const Dialect& dialect)
      : connection(std::move(opened)), statements(*connection, dialect) {}

  std::unique_ptr<driver::Connection> connection;
  StatementCache statements;
};

}  // namespace core_lib::sql::detail
