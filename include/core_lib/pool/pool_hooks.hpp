// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "core_lib/observability/deadline.hpp"

namespace core_lib {

/// What a Pool knows about its resources.
/// Thread safety: every hook is called from any thread, several at a time, and never while the pool is locked.
/// Lifetime: what the hooks refer to must outlive the pool and every lease.
template <class R>
struct PoolHooks {
  /// Opens one. Whatever it throws reaches the borrower unchanged.
  std::function<std::unique_ptr<R>(Deadline)> connect{};
  /// Asks the other side for a sign of life; false or an exception means dead. Without it nothing is checked.
  std::function<bool(R&, Deadline)> is_alive{};
  /// Cleans one that comes back, without much delay; false or an exception means that it is not used again.
  std::function<bool(R&)> reset{};
};

}  // namespace core_lib
