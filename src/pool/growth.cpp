// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "core_lib/error/error.hpp"

#include "pool/pool_core.hpp"

namespace core_lib::pool::detail {
namespace {

// One slow or hanging attempt must not hold up everyone in line; many at a time would open more than a burst needs,
// since what comes back serves the line as well.
constexpr std::size_t most_connectors = 4;

constexpr std::chrono::milliseconds first_pause{10};
constexpr std::chrono::seconds longest_pause{5};

constexpr double golden_step = 0.618033988749895;  // multiples of it, modulo 1, spread evenly at any count

}  // namespace

/// Connects in the borrower's own thread, where nothing can come back meanwhile.
Slot& PoolCore::connect_here(Lock& lock, Deadline until, std::source_location where) {
  if (until.expired(clock_.now())) throw_timeout(lock, where);
  Opened opened = open(lock, until);
  if (opened.failure) {
    note_failure(opened);
    hire_connectors();  // those who came meanwhile have its place
    std::rethrow_exception(opened.failure);
  }
  refuse_if_closed(where);  // closed meanwhile: open() has closed what it opened
  Slot& slot = lend(opened.slots, opened.slots.front(), {where, thread_number(), clock_.now()});
  hire_housekeeper();
  return slot;
}

/// Opens one, without the lock; counts it in connecting_ while it lasts. What the connect hook throws is in the result.
/// In a pool closed meanwhile the slot comes without its resource.
PoolCore::Opened PoolCore::open(Lock& lock, Deadline until) {
  Opened opened;
  Slot& slot = opened.slots.emplace_back();
  slot.self = opened.slots.begin();
  slot.generation = generation_;
  ++connecting_;
  lock.unlock();
  const auto since = observer_ != nullptr ? clock_.now() : Clock::time_point{};
  try {
    slot.resource = setup_->hooks.connect(until);
    if (!slot.resource) throw UsageError(fmt::format("pool '{}': the connect hook returned null", options_.name));
  } catch (const std::exception& error) {
    opened.failure = std::current_exception();
    opened.message = error.what();
  } catch (...) {
    opened.failure = std::current_exception();
    opened.message = "an exception that is no std::exception";
  }
  if (observer_ != nullptr) tell_opened(opened, since);
  lock.lock();
  if (closed_ && slot.resource) {
    lock.unlock();
    close_one(slot);
    lock.lock();
    ++counts_.closes;
  }
  --connecting_;
  if (closed_) drained_.notify_all();
  if (!opened.failure) {
    slot.expires_at = expiry(clock_.now());
    ++counts_.connects;
    counts_.last_connect_error.clear();
    last_connect_failure_ = nullptr;
  }
  return opened;
}

void PoolCore::note_failure(Opened& opened) {
  ++counts_.connect_failures;
  counts_.last_connect_error = std::move(opened.message);
  last_connect_failure_ = opened.failure;
}

Clock::time_point PoolCore::expiry(Clock::time_point born) noexcept {
  if (options_.max_lifetime.count() == 0) return Clock::time_point::max();
  jitter_ += golden_step;
  if (jitter_ >= 1) jitter_ -= 1;
  const auto lifetime = static_cast<double>(options_.max_lifetime.count()) * (1 - options_.lifetime_jitter * jitter_);
  return born +
         std::chrono::duration_cast<Clock::time_point::duration>(std::chrono::duration<double, std::milli>(lifetime));
}

/// How many attempts connectors should have under way: one for each thread in line, and what min_idle lacks.
std::size_t PoolCore::wanted_attempts() const {
  if (closed_) return 0;
  const std::size_t fixed = total() - attempts_;
  std::size_t wanted = std::min(waiters_.size(), max_total_ - fixed);
  const bool refills = idle_.size() < options_.min_idle && fixed < options_.max_size;
  if (refills && clock_.now() >= refill_not_before_) {
    const std::size_t missing = waiters_.size() + options_.min_idle - idle_.size();
    wanted = std::max(wanted, std::min(missing, options_.max_size - fixed));
  }
  return wanted;
}

/// False where a connector is wanted and the system gives no thread.
bool PoolCore::hire_connectors() noexcept {
  const std::size_t wanted = std::min(wanted_attempts(), most_connectors);
  while (connectors_ < wanted) {
    if (!crew_.start([this] { run_connector(); })) return connectors_ > 0;
    ++connectors_;
  }
  return true;
}

void PoolCore::run_connector() {
  Lock lock(*this);
  while (attempts_ < wanted_attempts()) attempt(lock);
  --connectors_;
}

/// Opens one for whoever is first in line by then. Its failure is the answer to that borrower.
void PoolCore::attempt(Lock& lock) {
  ++attempts_;
  Opened opened = open(lock, Deadline::from(clock_.now(), options_.acquire_timeout));
  --attempts_;
  if (!opened.failure) {
    refill_pause_ = {};
    if (closed_) return;  // open() has closed what it opened
    if (opened.slots.front().generation == generation_) {
      serve(opened.slots, opened.slots.front(), clock_.now());
      hire_housekeeper();
    } else {
      ++counts_.closes;
      lock.unlock();
      close_all(opened.slots);
      lock.lock();
    }
    return;
  }
  const std::string message = opened.message;
  note_failure(opened);
  if (!waiters_.empty()) {
    Waiter& waiter = *waiters_.front();
    waiters_.pop_front();
    waiter.failure = opened.failure;
    waiter.woken.notify_one();
    return;
  }
  refill_pause_ = std::clamp<Clock::time_point::duration>(refill_pause_ * 2, first_pause, longest_pause);
  refill_not_before_ = clock_.now() + refill_pause_;
  housekeeper_.notify_one();
  lock.unlock();
  warn(fmt::format("pool '{}': connecting in the background failed: {}", options_.name, message));
  lock.lock();
}

}  // namespace core_lib::pool::detail
