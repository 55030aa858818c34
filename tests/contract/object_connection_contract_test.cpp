// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>

#include "core_lib/connection/object_connection_registry.hpp"

#include "contract/connection_contract.hpp"
#include "support/recording_logger.hpp"

namespace core_lib::contract {
namespace {

/// What two contexts keep their traces in.
class Traces {
 public:
  void add(int number) {
    const std::scoped_lock lock(mutex_);
    numbers_.insert(number);
  }
  bool has(int number) const {
    const std::scoped_lock lock(mutex_);
    return numbers_.contains(number);
  }

 private:
  mutable std::mutex mutex_;
  std::set<int> numbers_;
};

/// One object for all scopes: nothing is undone.
class SharedObjectContext {
 public:
  using Registry = ObjectConnectionRegistry<Traces>;
  static constexpr bool transactional = false;

  Registry& registry() { return registry_; }
  void work(Traces& client, int number) { client.add(number); }
  bool kept(int number) const { return traces_->has(number); }
  int held() const { return open_; }

 private:
  std::shared_ptr<Traces> traces_ = std::make_shared<Traces>();
  std::atomic<int> open_ = 0;
  Registry registry_{traces_,
                     {.open =
                          [this](Traces&) {
                            ++open_;
                            return traces_;
                          },
                      .close = [this](Traces&, std::exception_ptr) { --open_; }}};
};

/// A unit of work for each scope, which publishes its traces when it ends well.
class UnitOfWork {
 public:
  explicit UnitOfWork(Traces& traces) : traces_(traces) {}

  std::set<int> numbers{};
  bool commit_fails = false;
  bool rollback_fails = false;

  std::shared_ptr<UnitOfWork> open() const { return std::make_shared<UnitOfWork>(traces_); }
  void close(bool failed) const {
    if (failed && rollback_fails) throw ConnectionLost("rollback got no answer");
    if (failed) return;
    if (commit_fails) throw CommitFailed("the source said no");
    for (const int number : numbers) traces_.add(number);
  }

 private:
  Traces& traces_;
};

class UnitOfWorkContext {
 public:
  using Registry = ObjectConnectionRegistry<UnitOfWork>;
  static constexpr bool transactional = true;

  Registry& registry() { return registry_; }
  void work(UnitOfWork& client, int number) { client.numbers.insert(number); }
  bool kept(int number) const { return traces_.has(number); }
  int held() const { return open_; }
  void make_commit_fail(UnitOfWork& client) { client.commit_fails = true; }
  void make_rollback_fail(UnitOfWork& client) { client.rollback_fails = true; }

 private:
  Traces traces_;
  std::atomic<int> open_ = 0;
  Registry registry_{std::make_shared<UnitOfWork>(traces_),
                     {.open =
                          [this](UnitOfWork& shared) {
                            ++open_;
                            return shared.open();
                          },
                      .close =
                          [this](UnitOfWork& client, std::exception_ptr failure) {
                            --open_;
                            client.close(failure != nullptr);
                          }},
                     {.logger = std::make_shared<support::RecordingLogger>()}};
};

INSTANTIATE_TYPED_TEST_SUITE_P(SharedObject, ConnectionContract, SharedObjectContext);
INSTANTIATE_TYPED_TEST_SUITE_P(SharedObject, ConcurrentScopesContract, SharedObjectContext);
INSTANTIATE_TYPED_TEST_SUITE_P(UnitOfWork, ConnectionContract, UnitOfWorkContext);
INSTANTIATE_TYPED_TEST_SUITE_P(UnitOfWork, ConcurrentScopesContract, UnitOfWorkContext);
INSTANTIATE_TYPED_TEST_SUITE_P(UnitOfWork, FailingCommitContract, UnitOfWorkContext);
INSTANTIATE_TYPED_TEST_SUITE_P(UnitOfWork, FailingRollbackContract, UnitOfWorkContext);

}  // namespace
}  // namespace core_lib::contract
