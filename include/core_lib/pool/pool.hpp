// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <source_location>
#include <utility>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/observability/logger.hpp"
#include "core_lib/observability/observer.hpp"
#include "core_lib/pool/detail/erased_pool.hpp"
#include "core_lib/pool/lease.hpp"
#include "core_lib/pool/pool_hooks.hpp"
#include "core_lib/pool/pool_options.hpp"
#include "core_lib/pool/pool_statistics.hpp"

namespace core_lib {

class Clock;
std::shared_ptr<Clock> system_clock();

/// Keeps resources that are dear to open, and lends them one borrower at a time, in the order of asking.
///
/// It starts empty and opens what is needed, up to PoolOptions::max_size + max_overflow. A thread never waits for a
/// connect or a close that is done for another. After fork() the child starts with an empty pool and leaves the
/// parent's resources alone.
/// Thread safety: all functions may be called from any thread; the destructor only once no other call runs. It waits
/// for a connect that is under way, and not for leases: those may outlive it.
template <class R>
class Pool {
 public:
  /// @param observer  is told what happens here; null for nobody
  /// @throws ConfigError  an option's value makes no sense
  /// @throws UsageError   there is no connect hook
  Pool(PoolOptions options, PoolHooks<R> hooks, std::shared_ptr<Logger> logger = default_logger(),
       std::shared_ptr<Clock> clock = system_clock(), std::shared_ptr<Observer> observer = nullptr)
      : pool_(std::move(options), erase(std::move(hooks)), std::move(logger), std::move(clock), std::move(observer)) {}

  /// Lends a resource, opened now where none is free; waits where none may be opened.
  /// @param deadline  ends the wait before PoolOptions::acquire_timeout does
  /// @param where     names this lease in messages
  /// @throws PoolTimeout  none became free in time; the message tells who holds them
  /// @throws UsageError   the pool is closed, or the calling thread would wait for leases that are all its own
  /// @throws whatever the connect hook throws
  [[nodiscard]] Lease<R> acquire(Deadline deadline = {}, std::source_location where = std::source_location::current()) {
    return Lease<R>(pool_.acquire(deadline, where));
  }

  /// Lends a resource that is open and free, or none: it neither waits for one nor opens one. It still checks one that
  /// has been idle, as acquire() does.
  /// @throws UsageError  the pool is closed
  [[nodiscard]] std::optional<Lease<R>> try_acquire(std::source_location where = std::source_location::current()) {
    Lease<R> lease(pool_.try_acquire(where));
    if (!lease) return std::nullopt;
    return lease;
  }

  /// What the pool holds and did, at one moment.
  [[nodiscard]] PoolStatistics statistics() const { return pool_.statistics(); }

  /// Replaces every resource opened so far: idle ones now, leased ones when they come back. For the owner to call when
  /// it knows that the other side has changed; a borrower who finds his own lost says Lease::condemn().
  void invalidate() { pool_.invalidate(); }

  /// Lends no more, closes the idle ones and waits for those in use. The second call does nothing.
  /// @throws DeadlineExceeded  some are still in use; the message tells by whom. They are closed as they come back
  void close(Deadline deadline = {}) { pool_.close(deadline); }

 private:
  static pool::detail::ErasedHooks erase(PoolHooks<R> hooks) {
    using pool::detail::ErasedResource;
    pool::detail::ErasedHooks erased;
    if (hooks.connect) {
      erased.connect = [connect = std::move(hooks.connect)](Deadline deadline) {
        return ErasedResource(connect(deadline).release(),
                              [](void* resource) { std::default_delete<R>{}(static_cast<R*>(resource)); });
      };
    }
    if (hooks.is_alive) {
      erased.is_alive = [is_alive = std::move(hooks.is_alive)](void* resource, Deadline deadline) {
        return is_alive(*static_cast<R*>(resource), deadline);
      };
    }
    if (hooks.reset) {
      erased.reset = [reset = std::move(hooks.reset)](void* resource) { return reset(*static_cast<R*>(resource)); };
    }
    return erased;
  }

  pool::detail::ErasedPool pool_;
};

}  // namespace core_lib
