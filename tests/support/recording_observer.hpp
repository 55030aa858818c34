// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <mutex>
#include <string>
#include <vector>

#include "core_lib/observability/observer.hpp"

namespace core_lib::support {

/// Keeps what it is told, for tests to read; views become strings.
class RecordingObserver final : public Observer {
 public:
  struct Query {
    std::uint64_t id;
    std::uint64_t transaction;
    std::string engine;
    std::string source;
    std::string statement;
    QueryOutcome outcome{};
    std::string node{};
  };
  struct Transaction {
    std::uint64_t id;
    std::string engine;
    std::string source;
    TransactionOutcome outcome{};
  };
  struct Pool {
    PoolEvent::Kind kind;
    std::string pool;
    std::chrono::nanoseconds duration;
    Failure failure;
  };

  void query_started(const ObservedQuery& query) noexcept override {
    const std::scoped_lock lock(mutex_);
    started_.push_back(copy(query));
  }
  void query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept override {
    const std::scoped_lock lock(mutex_);
    ended_.push_back(copy(query));
    ended_.back().outcome = outcome;
    ended_.back().node = outcome.http.node;
    ended_.back().outcome.http.node = {};
  }
  void transaction_began(const ObservedTransaction& transaction) noexcept override {
    const std::scoped_lock lock(mutex_);
    began_.push_back({transaction.id, std::string(transaction.engine), std::string(transaction.source)});
  }
  void transaction_ended(const ObservedTransaction& transaction, const TransactionOutcome& outcome) noexcept override {
    const std::scoped_lock lock(mutex_);
    over_.push_back({transaction.id, std::string(transaction.engine), std::string(transaction.source), outcome});
  }
  void pool_changed(const PoolEvent& event) noexcept override {
    const std::scoped_lock lock(mutex_);
    pool_.push_back({event.kind, std::string(event.pool), event.duration, event.failure});
  }

  [[nodiscard]] std::vector<Query> queries_started() const { return read(started_); }
  [[nodiscard]] std::vector<Query> queries_ended() const { return read(ended_); }
  [[nodiscard]] std::vector<Transaction> transactions_began() const { return read(began_); }
  [[nodiscard]] std::vector<Transaction> transactions_ended() const { return read(over_); }
  [[nodiscard]] std::vector<Pool> pool_events() const { return read(pool_); }

  [[nodiscard]] std::size_t count(PoolEvent::Kind kind) const {
    const std::scoped_lock lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(pool_.begin(), pool_.end(), [&](const Pool& event) { return event.kind == kind; }));
  }
  /// The fingerprints of what ended, in order.
  [[nodiscard]] std::vector<std::string> statements() const {
    std::vector<std::string> statements;
    for (const Query& query : queries_ended()) statements.push_back(query.statement);
    return statements;
  }
  void clear() {
    const std::scoped_lock lock(mutex_);
    started_.clear();
    ended_.clear();
    began_.clear();
    over_.clear();
    pool_.clear();
  }

 private:
  static Query copy(const ObservedQuery& query) {
    return {query.id, query.transaction, std::string(query.engine), std::string(query.source),
            std::string(query.statement)};
  }
  template <class T>
  std::vector<T> read(const std::vector<T>& from) const {
    const std::scoped_lock lock(mutex_);
    return from;
  }

  mutable std::mutex mutex_;
  std::vector<Query> started_;
  std::vector<Query> ended_;
  std::vector<Transaction> began_;
  std::vector<Transaction> over_;
  std::vector<Pool> pool_;
};

}  // namespace core_lib::support
