// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string_view>

#include "core_lib/observability/metrics_registry.hpp"
#include "core_lib/observability/observer.hpp"

namespace core_lib {

/// Counts and measures what it sees: queries, transactions and pools of every data source that it observes. The series,
/// all of them named `core_lib_...`, are listed in docs/how-to/observe.md.
/// Thread safety: all functions, lock-free once a data source is known.
class MetricsObserver final : public Observer {
 public:
  /// @param metrics  where it counts; may be shared with other observers and with the application
  explicit MetricsObserver(std::shared_ptr<MetricsRegistry> metrics);
  ~MetricsObserver() override;

  void query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept override;
  void transaction_ended(const ObservedTransaction& transaction, const TransactionOutcome& outcome) noexcept override;
  void pool_changed(const PoolEvent& event) noexcept override;

 private:
  struct Source;
  struct Pool;
  Source& source(std::string_view engine, std::string_view name);
  Pool& pool(std::string_view name);

  std::shared_ptr<MetricsRegistry> metrics_;
  std::atomic<Source*> sources_{nullptr};
  std::atomic<Pool*> pools_{nullptr};
};

}  // namespace core_lib
