// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace core_lib {

/// A number that goes up and down.
/// Thread safety: all functions, lock-free.
class Gauge {
 public:
  /// Goes up, or down.
  /// @param amount  may be negative
  void add(std::int64_t amount) noexcept { value_.fetch_add(amount, std::memory_order_relaxed); }
  /// Goes to a value of its own.
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  /// Where it stands.
  [[nodiscard]] std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

}  // namespace core_lib
