// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <source_location>
#include <string>
#include <thread>
#include <vector>

#include "core_lib/observability/clock.hpp"
#include "core_lib/observability/logger.hpp"
#include "core_lib/pool/detail/erased_pool.hpp"

#include "pool/crew.hpp"
#include "pool/fork_generation.hpp"

namespace core_lib::pool::detail {

/// What a pool is made of; its core and, after a fork, the successor in the child share it.
struct PoolSetup {
  PoolOptions options;
  ErasedHooks hooks;
  std::shared_ptr<Logger> logger;
  std::shared_ptr<Clock> clock;
};

/// One open resource and, while it is leased, who has it.
struct Slot {
  ErasedResource resource{nullptr, nullptr};
  std::list<Slot>::iterator self{};
  std::uint64_t generation = 0;
  Clock::time_point expires_at{};
  Clock::time_point idle_since{};  ///< Zero for one just opened.

  Clock::time_point leased_at{};
  std::source_location where{};
  std::thread::id holder{};
  bool discarded = false;  ///< Belongs to the lease; everything else to the core's mutex.
  bool reported = false;   ///< As a leak.
};

/// A thread in line. It lives on that thread's stack, hence is only touched under the mutex.
struct Waiter {
  std::condition_variable woken{};
  std::source_location where{};
  std::thread::id thread = std::this_thread::get_id();
  Slot* slot = nullptr;
  std::exception_ptr failure{};

  [[nodiscard]] bool is_served() const noexcept { return slot != nullptr || failure != nullptr; }
};

/// A lease as messages tell it.
struct Holder {
  std::source_location where;
  std::thread::id thread;
  Clock::time_point since;
};

/// The pool, without the type of its resources.
///
/// One mutex guards everything; no hook, no close and no log runs under it. Invariants, whenever it is free:
/// while anyone waits, nothing is idle; what is idle has the current generation; a closed pool has nothing idle.
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

  [[nodiscard]] PoolStatistics statistics() const;
  void invalidate();
  void close(Deadline deadline);
  /// Ends it with its Pool; what is leased keeps the core alive until it is back.
  static void retire(std::unique_ptr<PoolCore> core) noexcept;

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Slots = std::list<Slot>;
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

  // pool_core.cpp: borrowing and giving back
  [[nodiscard]] bool is_ready(const Slot& slot, Clock::time_point now) const noexcept;
  Slot& lend(Slots& from, Slot& slot, Clock::time_point now, std::source_location where, std::thread::id holder);
  [[nodiscard]] Slot& acquire_slowly(Deadline deadline, std::source_location where);
  [[nodiscard]] Slot* take_idle(Clock::time_point now, std::source_location where);
  [[nodiscard]] bool is_alive(Lock& lock, Slot& slot, Deadline until);
  [[nodiscard]] Slot& wait_in_line(Lock& lock, Deadline until, std::source_location where, bool was_first);
  [[nodiscard]] bool holds_all(std::thread::id thread) const noexcept;
  void serve(Slots& from, Slot& slot, Clock::time_point now);
  [[nodiscard]] bool is_reusable(const Slot& slot, Clock::time_point now) const noexcept;
  [[nodiscard]] bool reset(Slot& slot) noexcept;
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
  const std::size_t max_total_;
  const Clock::time_point::duration check_after_;
  const std::uint32_t born_in_;

  mutable std::mutex mutex_;
  Slots idle_;    // the one used last comes first out, from the back: the front is idle longest
  Slots active_;  // the front is held longest
  Slots graveyard_;
  std::deque<Waiter*> waiters_;
  std::uint64_t generation_ = 0;
  std::size_t connecting_ = 0;  // all attempts, those of borrowers in their own threads included
  std::size_t attempts_ = 0;    // those of connectors
  std::size_t connectors_ = 0;  // threads, whether they have begun or not
  bool housekeeping_ = false;
  bool closed_;
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

}  // namespace core_lib::pool::detail
