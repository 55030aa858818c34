// SPDX-License-Identifier: Apache-2.0
#include "core_lib/pool/detail/erased_pool.hpp"

#include "core_lib/error/error.hpp"
#include "core_lib/observability/logger.hpp"

#include "pool/pool_core.hpp"
#include "pool/pool_options.hpp"

namespace core_lib::pool::detail {
namespace {

std::unique_ptr<PoolCore> make_core(PoolSetup setup) {
  check(setup.options);
  if (!setup.hooks.connect) throw UsageError("pool '" + setup.options.name + "' needs a connect hook");
  if (!setup.logger || !setup.clock) throw UsageError("pool '" + setup.options.name + "' needs a logger and a clock");
  watch_forks();
  return std::make_unique<PoolCore>(std::make_shared<const PoolSetup>(std::move(setup)));
}

}  // namespace

ErasedLease::ErasedLease(PoolCore& core, Slot& slot) noexcept
    : core_(&core), slot_(&slot), resource_(slot.resource.get()) {}

void ErasedLease::discard() noexcept {
  if (core_ != nullptr) slot_->discarded = true;
}

void ErasedLease::condemn() {
  discard();
  if (core_ != nullptr) core_->condemn(*slot_);
}

void ErasedLease::give_back() noexcept { std::exchange(core_, nullptr)->give_back(*slot_); }

ErasedPool::ErasedPool(PoolOptions options, ErasedHooks hooks, std::shared_ptr<Logger> logger,
                       std::shared_ptr<Clock> clock, std::shared_ptr<Observer> observer)
    : core_(make_core({std::move(options), std::move(hooks), std::move(logger), std::move(clock), std::move(observer)})
                .release()) {}

ErasedPool::~ErasedPool() {
  PoolCore* core = core_.load();
  if (!core->is_foreign()) PoolCore::retire(std::unique_ptr<PoolCore>(core));
}

/// After a fork the parent's core, its mutex included, may be in any state: the child leaves it as it is, with all that
/// it owns, and goes on with a new one.
PoolCore& ErasedPool::core() const {
  PoolCore* core = core_.load(std::memory_order_acquire);
  if (!core->is_foreign()) [[likely]]
    return *core;
  std::unique_ptr<PoolCore> successor = core->successor();
  if (core_.compare_exchange_strong(core, successor.get())) return *successor.release();
  return *core;  // another thread of the child came first
}

ErasedLease ErasedPool::acquire(Deadline deadline, std::source_location where) {
  PoolCore& core = this->core();
  return {core, core.acquire(deadline, where)};
}

ErasedLease ErasedPool::try_acquire(std::source_location where) {
  PoolCore& core = this->core();
  Slot* slot = core.try_acquire(where);
  return slot == nullptr ? ErasedLease() : ErasedLease(core, *slot);
}

PoolStatistics ErasedPool::statistics() const { return core().statistics(); }
void ErasedPool::invalidate() { core().invalidate(); }
void ErasedPool::close(Deadline deadline) { core().close(deadline); }

}  // namespace core_lib::pool::detail
