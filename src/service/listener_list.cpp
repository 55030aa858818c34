// SPDX-License-Identifier: Apache-2.0
#include "service/listener_list.hpp"

#include <algorithm>

namespace core_lib::detail {

std::uint64_t ListenerList::add(CoreLibListener& listener) {
  const std::lock_guard lock(mutex_);
  entries_.push_back({++last_id_, &listener});
  return last_id_;
}

void ListenerList::remove(std::uint64_t id) noexcept {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.id == id; });
  if (found == entries_.end()) return;
  if (passes_ > 0) {
    found->listener = nullptr;
  } else {
    entries_.erase(found);
  }
}

ListenerList::Pass::~Pass() {
  if (--list_.passes_ > 0) return;
  std::erase_if(list_.entries_, [](const Entry& entry) { return entry.listener == nullptr; });
}

}  // namespace core_lib::detail
