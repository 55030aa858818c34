// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace core_lib::pool {

/// A place for one idle slot, to take and to put without the pool's mutex: one atomic instruction each, where a mutex
/// costs two. It is shut while order matters, and then everyone goes through the mutex. Being shut and holding a slot
/// are one word, so that nobody slips through: whoever put or took one has nothing to check again.
template <class Slot>
class Gate {
 public:
  /// Null where it is empty or shut.
  [[nodiscard]] Slot* take() noexcept {
    Slot* slot = slot_.load(std::memory_order_relaxed);
    if (slot == nullptr || slot == bar()) [[unlikely]] {
      return nullptr;
    }
    return slot_.compare_exchange_strong(slot, nullptr, std::memory_order_acquire, std::memory_order_relaxed) ? slot
                                                                                                              : nullptr;
  }
  /// False where it holds one or is shut. After true the slot, and the pool, may be gone.
  [[nodiscard]] bool put(Slot& slot) noexcept {
    Slot* expected = nullptr;
    return slot_.compare_exchange_strong(expected, &slot, std::memory_order_release, std::memory_order_relaxed);
  }
  /// Lets nobody through until open(). Returns what it held, or null.
  Slot* shut() noexcept {
    Slot* slot = slot_.exchange(bar(), std::memory_order_acquire);
    return slot == bar() ? nullptr : slot;
  }
  /// @pre shut() came last
  void open(Slot* slot) noexcept { slot_.store(slot, std::memory_order_release); }

 private:
  // An address that no slot has.
  [[nodiscard]] Slot* bar() noexcept { return reinterpret_cast<Slot*>(this); }

  std::atomic<Slot*> slot_{bar()};
};

}  // namespace core_lib::pool
