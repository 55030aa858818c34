// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "core_lib/observability/pool_event.hpp"
#include "core_lib/observability/query_event.hpp"
#include "core_lib/observability/transaction_event.hpp"

namespace core_lib {

/// Sees what data sources do: override what you want to see. Whatever has no observer does not even look at the clock.
///
/// A call is part of the work that it tells of, so that a slow observer makes that work slow. It must not use the data
/// source it observes.
/// Thread safety: called from any thread, several at a time. Errors: must not throw.
class Observer {
 public:
  virtual ~Observer() = default;

  /// A query is about to run; a statement of SQL is prepared by then. Not called where preparing fails.
  virtual void query_started(const ObservedQuery& query) noexcept;
  /// The last that is heard of a query, whether it succeeded or not; of one that could not be prepared, all that is
  /// heard.
  virtual void query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept;
  /// A transaction begins; its first query follows.
  virtual void transaction_began(const ObservedTransaction& transaction) noexcept;
  /// The last that is heard of a transaction.
  virtual void transaction_ended(const ObservedTransaction& transaction, const TransactionOutcome& outcome) noexcept;
  /// Something happened in the pool of connections.
  virtual void pool_changed(const PoolEvent& event) noexcept;
};

/// One observer that passes everything to each of these, in order. Null ones are left out; null where none is left.
[[nodiscard]] std::shared_ptr<Observer> combine_observers(std::vector<std::shared_ptr<Observer>> observers);

}  // namespace core_lib
