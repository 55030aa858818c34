// SPDX-License-Identifier: Apache-2.0
#include "pool/pool_core.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::pool::detail {
namespace {

using Duration = Clock::time_point::duration;

// A hung peer must leave time for another connection, whatever the borrower's deadline.
constexpr std::chrono::seconds longest_check{5};

Duration check_after(const PoolSetup& setup) {
  if (!setup.hooks.is_alive) return Duration::max();
  const bool always = setup.options.pre_ping || setup.options.validate_after_idle.count() == 0;
  return always ? Duration::min() : Duration(setup.options.validate_after_idle);
}

// Spreads the jitter of pools, and of processes, that start together.
double first_jitter() {
  const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
  return static_cast<double>(ticks % 1009) / 1009.0;
}

}  // namespace

PoolCore::PoolCore(std::shared_ptr<const PoolSetup> setup, bool closed)
    : setup_(std::move(setup)),
      options_(setup_->options),
      clock_(*setup_->clock),
      observer_(setup_->observer.get()),
      max_total_(options_.max_size + options_.max_overflow),
      check_after_(check_after(*setup_)),
      born_in_(fork_generation.load()),
      closed_(closed),
      jitter_(first_jitter()),
      crew_(mutex_, drained_) {
  Lock lock(*this);
  hire_housekeeper();
}

std::unique_ptr<PoolCore> PoolCore::successor() const {
  return std::make_unique<PoolCore>(setup_, closed_);  // threads that could write closed_ are not in this process
}

/// Opens the gate where whoever comes through it changes nothing for others: nobody waits, no watch is kept over
/// leases, and no spare one has to be opened in place of the one that goes.
void PoolCore::open_gate() noexcept {
  if (closed_ || !waiters_.empty() || options_.leak_threshold.count() > 0) return;
  if (idle_.size() <= options_.min_idle && options_.min_idle > 0 && total() < options_.max_size) return;
  if (idle_.empty()) {
    gate_.open(nullptr);
    return;
  }
  Slot& slot = idle_.back();
  active_.splice(active_.end(), idle_, slot.self);
  gate_.open(&slot);
}

void PoolCore::shut_gate() noexcept {
  if (Slot* slot = gate_.shut()) put_back(*slot);
}

/// Makes a slot idle that was in the gate.
void PoolCore::put_back(Slot& slot) noexcept {
  if (slot.generation == generation_ && !closed_) {
    idle_.splice(idle_.end(), active_, slot.self);
  } else {
    bury(active_, slot);
  }
}

Slot& PoolCore::lend(Slots& from, Slot& slot, const Holder& holder) {
  active_.splice(active_.end(), from, slot.self);
  if (options_.min_idle > 0) hire_connectors();  // one less is ready
  return slot.lease(holder);
}

/// @param passed  came through the gate, but has to be looked at first; or null
Slot& PoolCore::acquire_locked(Slot* passed, const Holder& me, Deadline deadline) {
  Lock lock(*this);
  if (passed != nullptr) put_back(*passed);
  if (!idle_.empty() && is_ready(idle_.back(), me.since)) return lend(idle_, idle_.back(), me);
  return acquire_slowly(lock, deadline, me.where);
}

Slot& PoolCore::acquire_slowly(Lock& lock, Deadline deadline, std::source_location where) {
  const Deadline until = deadline.sooner(Deadline::from(clock_.now(), options_.acquire_timeout));
  bool was_first = false;
  for (;;) {
    refuse_if_closed(where);
    Slot* slot = take_idle(clock_.now(), where);
    if (slot == nullptr) {
      const bool room = total() < max_total_;
      const bool nothing_comes_back = holds_all(thread_number());
      if (!room && nothing_comes_back) throw_self_wait(lock, where);
      if (room && nothing_comes_back && waiters_.empty()) return connect_here(lock, until, where);
      slot = &wait_in_line(lock, until, where, was_first);
      if (slot->idle_since == Clock::time_point{}) return *slot;  // just opened
      was_first = true;
    }
    if (is_alive(lock, *slot, until)) return *slot;
  }
}

Slot* PoolCore::try_acquire(std::source_location where) {
  return observer_ != nullptr ? try_acquire_observed(where) : try_acquire_unobserved(where);
}

Slot* PoolCore::try_acquire_unobserved(std::source_location where) {
  const Holder me{where, thread_number(), clock_.coarse_now()};
  Slot* passed = gate_.take();
  if (passed != nullptr && is_ready(*passed, me.since)) return &passed->lease(me);
  const Deadline until = Deadline::from(clock_.now(), options_.acquire_timeout);
  Lock lock(*this);
  if (passed != nullptr) put_back(*passed);
  refuse_if_closed(where);
  while (Slot* slot = take_idle(clock_.now(), where)) {
    if (is_alive(lock, *slot, until)) return slot;
  }
  return nullptr;
}

Slot* PoolCore::take_idle(Clock::time_point now, std::source_location where) {
  while (!idle_.empty()) {
    Slot& slot = idle_.back();
    if (now < slot.expires_at) return &lend(idle_, slot, {where, thread_number(), now});
    bury(idle_, slot);
  }
  return nullptr;
}

/// Checks a lent slot if it is due; takes a dead one out, with all that are older.
bool PoolCore::is_alive(Lock& lock, Slot& slot, Deadline until) {
  const auto now = clock_.now();
  if (now - slot.idle_since < check_after_) return true;
  lock.unlock();
  bool alive = false;
  try {
    alive = setup_->hooks.is_alive(slot.resource.get(), until.sooner(Deadline::from(now, longest_check)));
  } catch (...) {
    alive = false;  // whatever the check threw: this one is not handed out
  }
  lock.lock();
  if (alive) return true;
  ++counts_.failed_checks;
  slot.uses.store(slot.uses - 1);
  const std::uint64_t generation = slot.generation;
  bury(active_, slot);
  // A check that the borrower's own deadline cut short says nothing about the others.
  if (!until.expired(clock_.now())) replace_generation(generation);
  hire_connectors();
  return false;
}

/// Where many find their old ones dead, the first has it replaced, and what is opened then is left to the others.
void PoolCore::replace_generation(std::uint64_t found_dead) noexcept {
  if (found_dead != generation_) return;
  ++generation_;
  bury_idle();
}

bool PoolCore::holds_all(ThreadNumber thread) const noexcept {
  return connecting_ == 0 &&
         std::all_of(active_.begin(), active_.end(), [thread](const Slot& slot) { return slot.thread == thread; });
}

/// @param was_first  got one that was dead, and goes back to its place
Slot& PoolCore::wait_in_line(Lock& lock, Deadline until, std::source_location where, bool was_first) {
  Waiter me;
  me.holder = {where, thread_number(), {}};
  waiters_.insert(was_first ? waiters_.begin() : waiters_.end(), &me);
  if (!hire_connectors()) {
    std::erase(waiters_, &me);
    return connect_here(lock, until, where);
  }
  while (!me.is_served()) {
    if (lock.wait(me.woken, until) || me.is_served()) continue;
    std::erase(waiters_, &me);
    throw_timeout(lock, where);
  }
  if (me.failure) std::rethrow_exception(me.failure);
  return *me.slot;
}

/// Gives a free slot to whoever waits longest. The waiter finds it leased already, so that nobody can come between.
void PoolCore::serve(Slots& from, Slot& slot, Clock::time_point now) {
  if (waiters_.empty()) {
    slot.idle_since = now;
    slot.thread.store(0, std::memory_order_relaxed);
    idle_.splice(idle_.end(), from, slot.self);
    return;
  }
  Waiter& waiter = *waiters_.front();
  waiters_.pop_front();
  waiter.holder.since = now;
  waiter.slot = &lend(from, slot, waiter.holder);
  waiter.woken.notify_one();  // under the mutex: the waiter, and its condition, end as soon as it is free
}

bool PoolCore::is_reusable(const Slot& slot, Clock::time_point now) const noexcept {
  const bool surplus = idle_.size() >= options_.max_size;  // nobody waits then
  return !surplus && slot.generation == generation_ && now < slot.expires_at;
}

void PoolCore::give_back_locked(Slot& slot, bool clean, Clock::time_point now) noexcept {
  std::unique_ptr<PoolCore> last;  // outlives the lock
  Lock lock(*this);
  if (slot.reported) [[unlikely]] {
    lock.unlock();
    note_return(slot);
    lock.lock();
    slot.reported = false;
  }
  if (closed_) [[unlikely]] {
    if (close_returned(lock, slot)) last = std::move(self_);
  } else if (clean && is_reusable(slot, now)) [[likely]] {
    slot.idle_since = now;
    serve(active_, slot, now);
  } else {
    bury(active_, slot);
    hire_connectors();
  }
}

}  // namespace core_lib::pool::detail
