// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core_lib/service/core_lib_listener.hpp"

namespace core_lib::detail {

/// The listeners of one CoreLib. Its lock is held while they are called, so that one that was removed is never called;
/// it is recursive, so that a listener may attach and detach.
class ListenerList {
 public:
  std::recursive_mutex& mutex() noexcept { return mutex_; }

  std::uint64_t add(CoreLibListener& listener);
  void remove(std::uint64_t id) noexcept;

  /// Calls `fn` with each listener that was there when it began, while `fn` returns true.
  template <class Fn>
  void each(Fn fn) {
    const std::lock_guard lock(mutex_);
    const Pass pass(*this);
    for (std::size_t at = 0, end = entries_.size(); at < end; ++at) {
      CoreLibListener* listener = entries_[at].listener;
      if (listener != nullptr && !fn(*listener)) return;
    }
  }

 private:
  struct Entry {
    std::uint64_t id;
    CoreLibListener* listener;  // null: removed while the list was walked
  };

  /// While one lives, removed entries stay in place; the last one to end takes them out.
  class Pass {
   public:
    explicit Pass(ListenerList& list) noexcept : list_(list) { ++list_.passes_; }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    ~Pass();

   private:
    ListenerList& list_;
  };

  std::recursive_mutex mutex_;
  std::vector<Entry> entries_;
  std::uint64_t last_id_ = 0;
  int passes_ = 0;
};

}  // namespace core_lib::detail
