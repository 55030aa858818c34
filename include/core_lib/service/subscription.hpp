// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

namespace core_lib {

class CoreLib;
namespace detail {
class ListenerList;
}

/// Keeps a listener attached for as long as it lives. It may outlive the CoreLib.
class [[nodiscard]] Subscription {
 public:
  /// Attaches nothing.
  Subscription() noexcept = default;
  Subscription(Subscription&& other) noexcept;
  Subscription& operator=(Subscription&& other) noexcept;
  ~Subscription() { reset(); }

  /// Detaches: the listener is not called once this has returned. Where another thread calls listeners just now, this
  /// waits; from within a listener it does not.
  void reset() noexcept;
  /// True while the listener is attached to a CoreLib that lives.
  [[nodiscard]] explicit operator bool() const noexcept { return !listeners_.expired(); }

 private:
  friend class CoreLib;
  Subscription(std::weak_ptr<detail::ListenerList> listeners, std::uint64_t id) noexcept;

  std::weak_ptr<detail::ListenerList> listeners_{};
  std::uint64_t id_ = 0;
};

}  // namespace core_lib
