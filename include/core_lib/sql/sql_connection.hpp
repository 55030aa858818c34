// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <source_location>

#include "core_lib/connection/connection.hpp"
#include "core_lib/sql/session.hpp"

namespace core_lib {

/// One scope of work against a relational database: enter() hands out its session, exit(nullptr) commits.
/// Destroyed without exit() it rolls back and never commits; the log says so.
/// Thread safety: none. Lifetime: ends before its registry.
class SqlConnection final : public Connection<sql::Session> {
 public:
  SqlConnection(sql::detail::Database& database, const sql::ScopeOptions& options, Deadline deadline,
                std::source_location location)
      : session_(database, options, deadline, location) {}

  /// Costs nothing: the session takes a connection at its first statement.
  sql::Session& enter() override { return session_; }
  /// @throws CommitFailed, CommitUnknown, TransactionAborted  as Session::commit(); the connection is given back anyway
  void exit(std::exception_ptr failure) override { session_.end(failure != nullptr); }

 private:
  sql::Session session_;
};

}  // namespace core_lib
