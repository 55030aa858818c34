// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::net {

/// Bytes to and from one peer. Errors: ConnectionLost where the link breaks, DeadlineExceeded; both break it for good.
/// Thread safety: none.
class Stream {
 public:
  Stream() = default;
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  virtual ~Stream() = default;

  /// Waits for bytes and reads what is there. @return 0 once the peer has closed
  [[nodiscard]] virtual std::size_t read_some(std::span<std::byte> into, Deadline deadline) = 0;
  /// A look that waits for nothing: true once the peer has closed, be there bytes to read or not.
  [[nodiscard]] virtual bool is_closed_by_peer() const noexcept = 0;
  virtual void write(std::span<const std::byte> bytes, Deadline deadline) = 0;
  /// The longest that one read may stay without a byte, beside its deadline; zero means for ever.
  virtual void set_read_timeout(std::chrono::milliseconds timeout) = 0;
};

}  // namespace core_lib::net
