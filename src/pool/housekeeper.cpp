// SPDX-License-Identifier: Apache-2.0
#include "pool/pool_core.hpp"

namespace core_lib::pool::detail {

/// Starts the housekeeper with its first need: a resource to close, an age or a lease to watch, an idle one to keep
/// ready. Ages alone need none while there is a single resource: it is looked at when it is borrowed.
void PoolCore::hire_housekeeper() noexcept {
  if (housekeeping_ || closed_) return;
  const bool ages = options_.idle_timeout.count() > 0 || options_.max_lifetime.count() > 0;
  const bool needed = !graveyard_.empty() || options_.min_idle > 0 ||
                      (total() > 0 && options_.leak_threshold.count() > 0) || (total() > 1 && ages);
  if (needed) housekeeping_ = crew_.start([this] { run_housekeeper(); });
}

void PoolCore::run_housekeeper() {
  Lock lock(*this);
  while (!closed_) {
    const auto now = clock_.now();
    trim(now);
    hire_connectors();
    Slots graves;
    graves.swap(graveyard_);
    const std::vector<Holder> leaks = find_leaks(now);
    if (graves.empty() && leaks.empty()) {
      lock.wait(housekeeper_, next_round(now));
      continue;
    }
    lock.unlock();
    close_all(graves);
    report_leaks(leaks, now);
    lock.lock();
  }
}

/// Takes out what is too old, or idle for too long.
void PoolCore::trim(Clock::time_point now) {
  for (auto slot = idle_.begin(); slot != idle_.end();) {
    Slot& old = *slot++;
    const bool unused = options_.idle_timeout.count() > 0 && idle_.size() > options_.min_idle &&
                        now - old.idle_since >= options_.idle_timeout;
    if (unused || now >= old.expires_at) bury(idle_, old);
  }
}

std::vector<Holder> PoolCore::find_leaks(Clock::time_point now) {
  std::vector<Holder> leaks;
  if (options_.leak_threshold.count() == 0) return leaks;
  for (Slot& slot : active_) {
    const Holder holder = slot.holder();
    if (slot.reported || now - holder.since < options_.leak_threshold) continue;
    leaks.push_back(holder);
    slot.reported = true;
    ++counts_.leaks;
  }
  return leaks;
}

/// When something may be due again. What begins after this moment is due no sooner than its full time from now, so that
/// borrowers never have to wake the housekeeper.
Deadline PoolCore::next_round(Clock::time_point now) const {
  Deadline next;
  const auto at = [&next](Clock::time_point time) { next = next.sooner(Deadline(time)); };
  if (options_.idle_timeout.count() > 0) {
    const bool may_trim = idle_.size() > options_.min_idle;
    at((may_trim ? idle_.front().idle_since : now) + options_.idle_timeout);
  }
  if (options_.max_lifetime.count() > 0) {
    const double shortest = static_cast<double>(options_.max_lifetime.count()) * (1 - options_.lifetime_jitter);
    at(now + std::chrono::milliseconds(static_cast<std::int64_t>(shortest)));
    for (const Slot& slot : idle_) at(slot.expires_at);
  }
  if (options_.leak_threshold.count() > 0) {
    at(now + options_.leak_threshold);
    for (const Slot& slot : active_) {
      if (!slot.reported) at(slot.holder().since + options_.leak_threshold);
    }
  }
  if (idle_.size() < options_.min_idle && refill_not_before_ > now) at(refill_not_before_);
  return next;
}

/// Takes a slot out of the pool; the housekeeper closes it. Its place is free at once.
void PoolCore::bury(Slots& from, Slot& slot) noexcept {
  graveyard_.splice(graveyard_.end(), from, slot.self);
  ++counts_.closes;
  counts_.acquired += slot.uses;
  if (closed_) {
    drained_.notify_all();
    return;
  }
  hire_housekeeper();
  housekeeper_.notify_one();
}

void PoolCore::bury_idle() noexcept {
  while (!idle_.empty()) bury(idle_, idle_.back());
}

}  // namespace core_lib::pool::detail
