// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <source_location>
#include <utility>

#include "core_lib/observability/deadline.hpp"
#include "core_lib/pool/pool_options.hpp"
#include "core_lib/pool/pool_statistics.hpp"

namespace core_lib {
class Clock;
class Logger;
class Observer;
}  // namespace core_lib

namespace core_lib::pool::detail {

class PoolCore;
struct Slot;

/// A resource whose type only its deleter knows.
using ErasedResource = std::unique_ptr<void, void (*)(void*)>;

/// PoolHooks without the type.
struct ErasedHooks {
  std::function<ErasedResource(Deadline)> connect{};
  std::function<bool(void*, Deadline)> is_alive{};
  std::function<bool(void*)> reset{};
};

/// What Lease<R> holds.
class ErasedLease {
 public:
  ErasedLease() noexcept = default;
  ErasedLease(PoolCore& core, Slot& slot) noexcept;
  ErasedLease(ErasedLease&& other) noexcept
      : core_(std::exchange(other.core_, nullptr)), slot_(other.slot_), resource_(other.resource_) {}
  ErasedLease& operator=(ErasedLease&& other) noexcept {
    if (this != &other) {
      release();
      core_ = std::exchange(other.core_, nullptr);
      slot_ = other.slot_;
      resource_ = other.resource_;
    }
    return *this;
  }
  ~ErasedLease() { release(); }

  [[nodiscard]] void* get() const noexcept { return core_ == nullptr ? nullptr : resource_; }
  void discard() noexcept;
  void condemn();
  void release() noexcept {
    if (core_ != nullptr) give_back();
  }

 private:
  void give_back() noexcept;

  PoolCore* core_ = nullptr;
  Slot* slot_ = nullptr;
  void* resource_ = nullptr;
};

/// What Pool<R> holds: the core, or its successor after a fork.
class ErasedPool {
 public:
  ErasedPool(PoolOptions options, ErasedHooks hooks, std::shared_ptr<Logger> logger, std::shared_ptr<Clock> clock,
             std::shared_ptr<Observer> observer);
  ErasedPool(const ErasedPool&) = delete;
  ErasedPool& operator=(const ErasedPool&) = delete;
  ~ErasedPool();

  [[nodiscard]] ErasedLease acquire(Deadline deadline, std::source_location where);
  [[nodiscard]] ErasedLease try_acquire(std::source_location where);
  [[nodiscard]] PoolStatistics statistics() const;
  void invalidate();
  void close(Deadline deadline);

 private:
  [[nodiscard]] PoolCore& core() const;

  mutable std::atomic<PoolCore*> core_;
};

}  // namespace core_lib::pool::detail
