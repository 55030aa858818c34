// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "core_lib/neo4j/bookmark_manager.hpp"
#include "core_lib/neo4j/session_config.hpp"
#include "core_lib/neo4j/transaction.hpp"
#include "core_lib/neo4j/transaction_config.hpp"

namespace core_lib::neo4j {

class SessionCore;

namespace detail {

/// A function that outlives the call it is passed to.
class WorkRef {
 public:
  template <class Fn>
  explicit WorkRef(Fn& fn) noexcept
      : object_(const_cast<void*>(static_cast<const void*>(&fn))),
        call_([](void* object, ManagedTransaction& tx) { (*static_cast<Fn*>(object))(tx); }) {}
  void operator()(ManagedTransaction& tx) const { call_(object_, tx); }

 private:
  void* object_;
  void (*call_)(void*, ManagedTransaction&);
};

}  // namespace detail

/// A line of work: queries and transactions, one after another, each of which sees what those before it wrote.
///
/// It takes a connection for each transaction and gives it back after it. Destroyed without close() it drops what is
/// open: a result that was not read, and a transaction that was not committed.
/// Thread safety: none; many sessions may run at once. Lifetime: ends before its driver is destroyed.
class Session {
 public:
  using is_scope_bound = void;

  explicit Session(std::shared_ptr<SessionCore> core) noexcept;
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs a query in a transaction of its own, which ends when the result was read. A result that is still open moves
  /// into memory first. Errors: what the query fails with, in doubt where the connection is lost before all of its
  /// answer is there, unless the session only reads; UsageError while a transaction is open, and after close().
  [[nodiscard]] Result run(std::string query, Map parameters = {}, const TransactionConfig& config = {});
  /// The fields of a plain struct as parameters.
  template <detail::Struct T>
  [[nodiscard]] Result run(std::string query, const T& parameters, const TransactionConfig& config = {}) {
    return run(std::move(query), to_map(parameters), config);
  }
  /// Begins a transaction that the caller ends. One at a time.
  [[nodiscard]] Transaction begin_transaction(const TransactionConfig& config = {});

  /// Runs `work(tx)` in a transaction and commits, and returns its value. Where that fails with an error that is
  /// retryable it does so again from the start, with growing pauses, for DriverConfig::max_transaction_retry_time:
  /// `work` must be fit to run more than once. Errors of `work` itself roll back and pass through; CommitUnknown is not
  /// retried. execute_write() calls `work` once the server has begun the transaction; execute_read() begins it along
  /// with the first query, which saves a round trip.
  template <class Work>
  auto execute_read(Work&& work, const TransactionConfig& config = {}) {
    return execute(Access::read_only, std::forward<Work>(work), config);
  }
  /// The same with the right to write.
  template <class Work>
  auto execute_write(Work&& work, const TransactionConfig& config = {}) {
    return execute(Access::read_write, std::forward<Work>(work), config);
  }

  /// What another session has to be given to see what this one wrote.
  [[nodiscard]] Bookmarks last_bookmarks() const;
  /// Discards the result that is open, rolls back an open transaction and gives the connection back. The second call
  /// does nothing. Errors: what the open result fails with.
  void close();
  /// Ends it at once: drops the result that is open, and an open transaction with its work.
  void abandon() noexcept;

 private:
  template <class Work>
  auto execute(Access access, Work&& work, const TransactionConfig& config) {
    using Made = std::invoke_result_t<Work&, ManagedTransaction&>;
    static_assert(!is_scope_bound_v<Made>,
                  "execute_read and execute_write: work must not return a result or anything else that ends with the "
                  "transaction; read it into a container of values first");
    if constexpr (std::is_void_v<Made>) {
      execute_erased(access, detail::WorkRef(work), config);
    } else {
      std::optional<Made> value;
      auto keep = [&](ManagedTransaction& tx) { value.emplace(work(tx)); };
      execute_erased(access, detail::WorkRef(keep), config);
      return *std::move(value);
    }
  }
  template <class T>
  static constexpr bool is_scope_bound_v = requires { typename std::remove_cvref_t<T>::is_scope_bound; };
  void execute_erased(Access access, detail::WorkRef work, const TransactionConfig& config);

  std::shared_ptr<SessionCore> core_;
};

}  // namespace core_lib::neo4j
