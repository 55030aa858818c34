// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/observer.hpp"

#include <utility>

namespace core_lib {
namespace {

class ObserverList final : public Observer {
 public:
  explicit ObserverList(std::vector<std::shared_ptr<Observer>> observers) : observers_(std::move(observers)) {}

  void query_started(const ObservedQuery& query) noexcept override {
    for (const auto& observer : observers_) observer->query_started(query);
  }
  void query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept override {
    for (const auto& observer : observers_) observer->query_ended(query, outcome);
  }
  void transaction_began(const ObservedTransaction& transaction) noexcept override {
    for (const auto& observer : observers_) observer->transaction_began(transaction);
  }
  void transaction_ended(const ObservedTransaction& transaction, const TransactionOutcome& outcome) noexcept override {
    for (const auto& observer : observers_) observer->transaction_ended(transaction, outcome);
  }
  void pool_changed(const PoolEvent& event) noexcept override {
    for (const auto& observer : observers_) observer->pool_changed(event);
  }

 private:
  std::vector<std::shared_ptr<Observer>> observers_;
};

}  // namespace

void Observer::query_started(const ObservedQuery&) noexcept {}
void Observer::query_ended(const ObservedQuery&, const QueryOutcome&) noexcept {}
void Observer::transaction_began(const ObservedTransaction&) noexcept {}
void Observer::transaction_ended(const ObservedTransaction&, const TransactionOutcome&) noexcept {}
void Observer::pool_changed(const PoolEvent&) noexcept {}

std::shared_ptr<Observer> combine_observers(std::vector<std::shared_ptr<Observer>> observers) {
  std::erase(observers, nullptr);
  if (observers.empty()) return nullptr;
  if (observers.size() == 1) return std::move(observers.front());
  return std::make_shared<ObserverList>(std::move(observers));
}

std::string_view to_string(TransactionEnd end) noexcept {
  switch (end) {
    case TransactionEnd::committed:
      return "committed";
    case TransactionEnd::rolled_back:
      return "rolled_back";
    case TransactionEnd::commit_failed:
      return "commit_failed";
    case TransactionEnd::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(PoolEvent::Kind kind) noexcept {
  switch (kind) {
    case PoolEvent::Kind::acquired:
      return "acquired";
    case PoolEvent::Kind::released:
      return "released";
    case PoolEvent::Kind::timed_out:
      return "timed_out";
    case PoolEvent::Kind::connected:
      return "connected";
    case PoolEvent::Kind::connect_failed:
      return "connect_failed";
    case PoolEvent::Kind::closed:
      return "closed";
    case PoolEvent::Kind::leaked:
      break;
  }
  return "leaked";
}

}  // namespace core_lib
