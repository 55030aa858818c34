// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core_lib/neo4j/result.hpp"

namespace core_lib::neo4j {

class TransactionCore;

/// A transaction that somebody else begins, commits and repeats: see Session::execute_read() and execute_write().
/// Thread safety: none.
class ManagedTransaction {
 public:
  using is_scope_bound = void;

  explicit ManagedTransaction(std::shared_ptr<TransactionCore> core) noexcept;
  ManagedTransaction(ManagedTransaction&&) noexcept;
  ManagedTransaction& operator=(ManagedTransaction&&) noexcept;
  ~ManagedTransaction();

  /// Runs a query; several results may be open at a time.
  /// Errors: what the query fails with, which fails the whole transaction; UsageError once that has ended.
  [[nodiscard]] Result run(std::string query, Map parameters = {});
  /// The fields of a plain struct as parameters.
  template <detail::Struct T>
  [[nodiscard]] Result run(std::string query, const T& parameters) {
    return run(std::move(query), to_map(parameters));
  }

 protected:
  std::shared_ptr<TransactionCore> core_;
};

/// A transaction that its user ends. Destroyed without that it rolls back.
/// Thread safety: none.
class Transaction : public ManagedTransaction {
 public:
  using ManagedTransaction::ManagedTransaction;
  Transaction(Transaction&&) noexcept = default;
  Transaction& operator=(Transaction&& other) noexcept;
  ~Transaction();

  /// Keeps the work. Open results are discarded first.
  /// Errors: CommitUnknown where the link is lost after COMMIT was sent, since nobody knows then; CommitFailed; what an
  /// open result fails with; UsageError where it has ended already.
  void commit();
  /// Errors: UsageError where it has ended already; none where a query had failed, since nothing is left to undo then.
  void rollback();
  /// Rolls back unless it has ended.
  void close();
};

}  // namespace core_lib::neo4j
