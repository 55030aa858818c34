// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core_lib/error/error.hpp"

#include "pool/pool_core.hpp"

namespace core_lib::pool::detail {

void PoolCore::refuse_if_closed(std::source_location where) const {
  if (closed_) throw UsageError("pool '" + options_.name + "' is closed: nothing can be acquired any more", {}, where);
}

void PoolCore::invalidate() {
  Lock lock(*this);
  ++generation_;
  bury_idle();
  hire_connectors();
}

void PoolCore::condemn(const Slot& slot) {
  if (is_foreign()) return;
  Lock lock(*this);
  replace_generation(slot.generation);
  hire_connectors();
}

/// Begins the end: no more leases, nobody in line, nothing idle.
void PoolCore::shut(Lock& lock) {
  closed_ = true;
  for (Waiter* waiter : waiters_) {
    waiter->failure =
        std::make_exception_ptr(UsageError("pool '" + options_.name + "' was closed while a thread waited for it"));
    waiter->woken.notify_one();
  }
  waiters_.clear();
  bury_idle();
  housekeeper_.notify_one();
  Slots graves;
  graves.swap(graveyard_);
  lock.unlock();
  close_all(graves);
  lock.lock();
}

void PoolCore::close(Deadline deadline) {
  Lock lock(*this);
  if (closed_) return;
  shut(lock);
  while (!is_drained()) {
    const bool waits_for_itself = !active_.empty() && crew_.empty() && holds_all(thread_number());
    if (waits_for_itself && deadline.is_never()) throw_still_held(lock, true);
    if (!lock.wait(drained_, deadline) && !is_drained()) throw_still_held(lock, false);
  }
  Slots graves;  // of borrowers who found theirs dead meanwhile
  graves.swap(graveyard_);
  lock.unlock();
  close_all(graves);
}

/// Closes what comes back to a closed pool, in the thread that had it. The slot counts as leased until it is closed, so
/// that close() returns no sooner.
/// @return true where the core has to go with it
bool PoolCore::close_returned(Lock& lock, Slot& slot) noexcept {
  lock.unlock();
  close_one(slot);
  lock.lock();
  ++counts_.closes;
  counts_.acquired += slot.uses;
  active_.erase(slot.self);
  drained_.notify_all();
  return active_.empty();
}

void PoolCore::retire(std::unique_ptr<PoolCore> core) noexcept {
  Lock lock(*core);
  if (!core->closed_) core->shut(lock);
  core->crew_.join(lock.mutex());
  PoolCore& kept = *core;
  if (!kept.active_.empty()) kept.self_ = std::move(core);
}

}  // namespace core_lib::pool::detail
