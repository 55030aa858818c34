// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/error.hpp"

#include "pool/pool_core.hpp"

namespace core_lib::pool::detail {

Slot& PoolCore::acquire_observed(Deadline deadline, std::source_location where) {
  const auto since = clock_.now();
  try {
    Slot& slot = acquire_unobserved(deadline, where);
    tell(PoolEvent::Kind::acquired, clock_.now() - since);
    return slot;
  } catch (const PoolTimeout&) {
    tell(PoolEvent::Kind::timed_out, clock_.now() - since);
    throw;
  }
}

Slot* PoolCore::try_acquire_observed(std::source_location where) {
  const auto since = clock_.now();
  Slot* const slot = try_acquire_unobserved(where);
  if (slot != nullptr) tell(PoolEvent::Kind::acquired, clock_.now() - since);
  return slot;
}

void PoolCore::tell(PoolEvent::Kind kind, Clock::time_point::duration duration,
                    const std::exception_ptr& error) const noexcept {
  observer_->pool_changed({.kind = kind, .pool = options_.name, .duration = duration, .failure = Failure::of(error)});
}

/// @pre the slot is still the borrower's
void PoolCore::tell_released(const Slot& slot, Clock::time_point now) const noexcept {
  tell(PoolEvent::Kind::released, now - slot.leased_at.load(std::memory_order_relaxed));
}

void PoolCore::tell_opened(const Opened& opened, Clock::time_point since) const noexcept {
  const auto kind = opened.failure ? PoolEvent::Kind::connect_failed : PoolEvent::Kind::connected;
  tell(kind, clock_.now() - since, opened.failure);
}

void PoolCore::close_one(Slot& slot) const noexcept {
  slot.resource.reset();
  if (observer_ != nullptr) tell(PoolEvent::Kind::closed, {});
}

void PoolCore::close_all(Slots& graves) const noexcept {
  for (Slot& slot : graves) close_one(slot);
  graves.clear();
}

}  // namespace core_lib::pool::detail
