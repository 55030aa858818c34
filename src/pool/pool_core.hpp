// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <vector>

#include "core_lib/observability/clock.hpp"
#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"
#include "core_lib/pool/detail/erased_pool.hpp"

#include "pool/crew.hpp"
#include "pool/gate.hpp"
#include "pool/process.hpp"

namespace core_lib::pool::detail {

/// What a pool is made of; its core and, after a fork, the successor in the child share it.
struct PoolSetup {
  PoolOptions options;
  ErasedHooks hooks;
  std::shared_ptr<Logger> logger;
  std::shared_ptr<Clock> clock;
  std::shared_ptr<Observer> observer;  ///< Null where nobody watches.
};

/// A lease as messages tell it.
struct Holder {
  std::source_location where{};
  ThreadNumber thread = 0;
  Clock::time_point since{};
};

/// One open resource and, while it is leased, who has it.
struct Slot {
  ErasedResource resource{nullptr, nullptr};
  std::list<Slot>::iterator self{};
  std::uint64_t generation = 0;
  Clock::time_point expires_at{};
  Clock::time_point idle_since{};  ///< Zero for one just opened.
  bool reported = false;           ///< As a leak.
  bool discarded = false;          ///< The lease's own.

  // Written by the thread that borrows or gives back, with the mutex or without; read by reports at any time.
  std::atomic<Clock::time_point> leased_at{};
  std::atomic<std::source_location> where{};
  std::atomic<ThreadNumber> thread{0};  ///< None while nobody has it.
  std::atomic<std::uint64_t> uses{0};

  Slot& lease(const Holder& holder) noexcept {
    leased_at.store(holder.since, std::memory_order_relaxed);
    where.store(holder.where, std::memory_order_relaxed);
    thread.store(holder.thread, std::memory_order_relaxed);
    uses.store(uses.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return *this;
  }
  [[nodiscard]] Holder holder() const noexcept {
    return {where.load(std::memory_order_relaxed), thread.load(std::memory_order_relaxed),
            leased_at.load(std::memory_order_relaxed)};
  }
};

/// A thread in line. It lives on that thread's stack, hence is only touched under the mutex.
struct Waiter {
  std::condition_variable woken{};
  Holder holder{};
  Slot* slot = nullptr;
  std::exception_ptr failure{};

  [[nodiscard]] bool is_served() const noexcept { return slot != nullptr || failure != nullptr; }
};

/// The pool, without the type of its resources.
///
/// One mutex guards everything; no hook, no close, no log and no observer runs under it. Whenever it is free: while
/// anyone waits, nothing is idle; what is idle has the current generation; a closed pool has nothing idle. Beside it
/// there is a gate, through which one idle slot comes and goes without the mutex; whoever holds the mutex has shut it.
class PoolCore {
 public:
  explicit PoolCore(std::shared_ptr<const PoolSetup> setup, bool closed = false);
  PoolCore(const PoolCore&) = delete;
  PoolCore& operator=(const PoolCore&) = delete;
  ~PoolCore() = default;

  /// True in a child of the process that made it: it must not be touched any more, not even its mutex.
  [[nodiscard]] bool is_foreign() const noexcept { return born_in_ != fork_generation.load(std::memory_order_relaxed); }
  /// A core for this process, empty, in place of a foreign one.
  [[nodiscard]] std::unique_ptr<PoolCore> successor() const;

  [[nodiscard]] Slot& acquire(Deadline deadline, std::source_location where);
  [[nodiscard]] Slot* try_acquire(std::source_location where);
  void give_back(Slot& slot) noexcept;

  [[nodiscard]] PoolStatistics statistics();
  void invalidate();
  /// Replaces all that are of the age of this one, or older.
  void condemn(const Slot& slot);
  void close(Deadline deadline);
  /// Ends it with its Pool; what is leased keeps the core alive until it is back.
  static void retire(std::unique_ptr<PoolCore> core) noexcept;

 private:
  using Slots = std::list<Slot>;
  class Lock;
  /// A resource just opened, or why not.
  struct Opened {
    Slots slots;
    std::exception_ptr failure;
    std::string message;
  };
  struct Snapshot {
    PoolStatistics statistics;
    std::vector<Holder> longest_held;
    std::exception_ptr last_connect_failure;
    Clock::time_point now;
  };

  // observed.cpp: what the observer is told; never under the mutex
  [[nodiscard]] Slot& acquire_observed(Deadline deadline, std::source_location where);
  [[nodiscard]] Slot* try_acquire_observed(std::source_location where);
  void tell(PoolEvent::Kind kind, Clock::time_point::duration duration,
            const std::exception_ptr& error = {}) const noexcept;
  void tell_released(const Slot& slot, Clock::time_point now) const noexcept;
  void tell_opened(const Opened& opened, Clock::time_point since) const noexcept;
  void close_one(Slot& slot) const noexcept;
  void close_all(Slots& graves) const noexcept;

  // pool_core.cpp: borrowing and giving back
  [[nodiscard]] Slot& acquire_unobserved(Deadline deadline, std::source_location where);
  [[nodiscard]] Slot* try_acquire_unobserved(std::source_location where);
  [[nodiscard]] bool is_ready(const Slot& slot, Clock::time_point now) const noexcept;
  Slot& lend(Slots& from, Slot& slot, const Holder& holder);
  [[nodiscard]] Slot& acquire_locked(Slot* passed, const Holder& me, Deadline deadline);
  void give_back_locked(Slot& slot, bool clean, Clock::time_point now) noexcept;
  [[nodiscard]] Slot& acquire_slowly(Lock& lock, Deadline deadline, std::source_location where);
  [[nodiscard]] Slot* take_idle(Clock::time_point now, std::source_location where);
  [[nodiscard]] bool is_alive(Lock& lock, Slot& slot, Deadline until);
  [[nodiscard]] Slot& wait_in_line(Lock& lock, Deadline until, std::source_location where, bool was_first);
  void replace_generation(std::uint64_t found_dead) noexcept;
  [[nodiscard]] bool holds_all(ThreadNumber thread) const noexcept;
  void serve(Slots& from, Slot& slot, Clock::time_point now);
  [[nodiscard]] bool is_reusable(const Slot& slot, Clock::time_point now) const noexcept;
  [[nodiscard]] bool reset(Slot& slot) noexcept;
  void shut_gate() noexcept;
  void open_gate() noexcept;
  void put_back(Slot& slot) noexcept;
  /// @pre the gate is shut, as for everything here that reads or writes
  [[nodiscard]] std::size_t total() const noexcept { return active_.size() + idle_.size() + connecting_; }

  // growth.cpp: connecting
  [[nodiscard]] Slot& connect_here(Lock& lock, Deadline until, std::source_location where);
  [[nodiscard]] Opened open(Lock& lock, Deadline until);
  [[nodiscard]] std::size_t wanted_attempts() const;
  bool hire_connectors() noexcept;
  void run_connector();
  void attempt(Lock& lock);
  void note_failure(Opened& opened);
  [[nodiscard]] Clock::time_point expiry(Clock::time_point born) noexcept;

  // housekeeper.cpp: what happens with time, and closing
  void hire_housekeeper() noexcept;
  void run_housekeeper();
  void trim(Clock::time_point now);
  [[nodiscard]] std::vector<Holder> find_leaks(Clock::time_point now);
  [[nodiscard]] Deadline next_round(Clock::time_point now) const;
  void bury(Slots& from, Slot& slot) noexcept;
  void bury_idle() noexcept;

  // closing.cpp
  void refuse_if_closed(std::source_location where) const;
  void shut(Lock& lock);
  [[nodiscard]] bool is_drained() const noexcept { return active_.empty() && connecting_ == 0 && crew_.empty(); }
  [[nodiscard]] bool close_returned(Lock& lock, Slot& slot) noexcept;

  // report.cpp: what people read
  [[nodiscard]] Snapshot snapshot() const;
  [[nodiscard]] PoolStatistics count() const;
  [[noreturn]] void throw_timeout(Lock& lock, std::source_location where);
  [[noreturn]] void throw_self_wait(Lock& lock, std::source_location where) const;
  [[noreturn]] void throw_still_held(Lock& lock, bool by_caller) const;
  void warn(const std::string& message) const noexcept;
  void report_leaks(const std::vector<Holder>& leaks, Clock::time_point now) const;
  void note_return(const Slot& slot) const noexcept;

  const std::shared_ptr<const PoolSetup> setup_;
  const PoolOptions& options_;
  Clock& clock_;
  Observer* const observer_;  // or null
  const std::size_t max_total_;
  const Clock::time_point::duration check_after_;
  const std::uint32_t born_in_;

  Gate<Slot> gate_;
  std::atomic<std::uint64_t> generation_{0};
  std::atomic<bool> closed_;
  std::mutex mutex_;
  Slots idle_;    // the one used last comes first out, from the back: the front is idle longest
  Slots active_;  // leased, or in the open gate
  Slots graveyard_;
  std::deque<Waiter*> waiters_;
  std::size_t connecting_ = 0;  // all attempts, those of borrowers in their own threads included
  std::size_t attempts_ = 0;    // those of connectors
  std::size_t connectors_ = 0;  // threads, whether they have begun or not
  bool housekeeping_ = false;
  Clock::time_point::duration refill_pause_{};
  Clock::time_point refill_not_before_{};
  double jitter_;
  PoolStatistics counts_;  // only the counters in it
  std::exception_ptr last_connect_failure_;

  std::condition_variable housekeeper_;
  std::condition_variable drained_;
  Crew crew_;
  std::unique_ptr<PoolCore> self_;  // once the Pool is gone and leases are left
};

inline bool PoolCore::is_ready(const Slot& slot, Clock::time_point now) const noexcept {
  return now < slot.expires_at && now - slot.idle_since < check_after_ &&
         slot.generation == generation_.load(std::memory_order_relaxed);
}

inline bool PoolCore::reset(Slot& slot) noexcept {
  if (slot.discarded || closed_.load(std::memory_order_relaxed)) return false;  // it is closed, not used again
  if (!setup_->hooks.reset) return true;
  try {
    return setup_->hooks.reset(slot.resource.get());
  } catch (...) {
    return false;  // whatever it threw: the resource is not used again
  }
}

inline Slot& PoolCore::acquire(Deadline deadline, std::source_location where) {
  if (observer_ != nullptr) [[unlikely]] {
    return acquire_observed(deadline, where);
  }
  return acquire_unobserved(deadline, where);
}

inline Slot& PoolCore::acquire_unobserved(Deadline deadline, std::source_location where) {
  const Holder me{where, thread_number(), clock_.coarse_now()};
  Slot* slot = gate_.take();
  if (slot == nullptr || !is_ready(*slot, me.since)) [[unlikely]] {
    return acquire_locked(slot, me, deadline);
  }
  return slot->lease(me);
}

inline void PoolCore::give_back(Slot& slot) noexcept {
  if (is_foreign()) return;  // it belongs to the parent process
  const bool clean = reset(slot);
  const auto now = clock_.coarse_now();
  if (observer_ != nullptr) [[unlikely]] {
    tell_released(slot, now);
  }
  if (clean && now < slot.expires_at && slot.generation == generation_.load(std::memory_order_relaxed)) [[likely]] {
    slot.idle_since = now;
    slot.thread.store(0, std::memory_order_relaxed);
    if (gate_.put(slot)) return;
  }
  give_back_locked(slot, clean, now);
}

/// Holds the mutex, with the gate shut.
class PoolCore::Lock {
 public:
  explicit Lock(PoolCore& core) : core_(core), mutex_(core.mutex_) { core_.shut_gate(); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (mutex_.owns_lock()) unlock();
  }

  void lock() {
    mutex_.lock();
    core_.shut_gate();
  }
  void unlock() noexcept {
    core_.open_gate();
    mutex_.unlock();
  }
  /// As Clock::wait_until().
  bool wait(std::condition_variable& condition, Deadline until) {
    core_.open_gate();
    const bool in_time = core_.clock_.wait_until(condition, mutex_, until);
    core_.shut_gate();
    return in_time;
  }
  [[nodiscard]] std::unique_lock<std::mutex>& mutex() noexcept { return mutex_; }

 private:
  PoolCore& core_;
  std::unique_lock<std::mutex> mutex_;
};

}  // namespace core_lib::pool::detail
