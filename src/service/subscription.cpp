// SPDX-License-Identifier: Apache-2.0
#include "core_lib/service/subscription.hpp"

#include <utility>

#include "service/listener_list.hpp"

namespace core_lib {

Subscription::Subscription(std::weak_ptr<detail::ListenerList> listeners, std::uint64_t id) noexcept
    : listeners_(std::move(listeners)), id_(id) {}

Subscription::Subscription(Subscription&& other) noexcept : listeners_(std::move(other.listeners_)), id_(other.id_) {}

Subscription& Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  reset();
  listeners_ = std::move(other.listeners_);
  id_ = other.id_;
  return *this;
}

void Subscription::reset() noexcept {
  if (const std::shared_ptr<detail::ListenerList> listeners = listeners_.lock()) listeners->remove(id_);
  listeners_.reset();
}

}  // namespace core_lib
