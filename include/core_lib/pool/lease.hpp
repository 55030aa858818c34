// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include "core_lib/pool/detail/erased_pool.hpp"

namespace core_lib {

template <class R>
class Pool;

/// The right to use one resource of a Pool; gives it back when it ends. It may outlive the pool: the resource is closed
/// then instead.
/// Thread safety: none; it may be moved to another thread.
template <class R>
class [[nodiscard]] Lease {
 public:
  /// Holds nothing.
  Lease() noexcept = default;

  /// Null once it was released or moved from.
  [[nodiscard]] R* get() const noexcept { return static_cast<R*>(lease_.get()); }
  /// @pre get() is not null
  [[nodiscard]] R& operator*() const noexcept { return *get(); }
  /// @pre get() is not null
  [[nodiscard]] R* operator->() const noexcept { return get(); }
  [[nodiscard]] explicit operator bool() const noexcept { return get() != nullptr; }

  /// Says that the resource is broken: it is closed when the lease ends, not reused. Others of its pool stay as they
  /// are.
  void discard() noexcept { lease_.discard(); }
  /// The same where the other side is gone: all that were opened before somebody first said so are replaced too, and
  /// those opened since stay, however many of the old ones are found dead.
  void condemn() { lease_.condemn(); }
  /// Gives the resource back now. Safe to call twice.
  void release() noexcept { lease_.release(); }

 private:
  friend class Pool<R>;
  explicit Lease(pool::detail::ErasedLease lease) noexcept : lease_(std::move(lease)) {}

  pool::detail::ErasedLease lease_;
};

}  // namespace core_lib
