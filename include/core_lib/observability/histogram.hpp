// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace core_lib {

/// Upper ends of buckets for durations in seconds: 100 microseconds to 10 seconds.
inline constexpr double duration_buckets[] = {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                              0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};

/// How often values fell into each of some fixed buckets.
/// Thread safety: all functions, lock-free. Those who read while others add may see a value in one figure and not yet
/// in another.
class Histogram {
 public:
  /// @param upper_ends  of the buckets, ascending; each holds values up to and with its end
  /// @throws UsageError  they do not ascend
  explicit Histogram(std::span<const double> upper_ends = duration_buckets);

  /// Counts a value in its bucket.
  void add(double value) noexcept;
  /// The same in seconds.
  void add(std::chrono::nanoseconds duration) noexcept { add(std::chrono::duration<double>(duration).count()); }

  /// As they were given.
  [[nodiscard]] const std::vector<double>& upper_ends() const noexcept { return upper_ends_; }
  /// Values in a bucket; the one behind the last end holds all that are greater.
  [[nodiscard]] std::uint64_t count(std::size_t bucket) const noexcept;
  /// The sum of all values.
  [[nodiscard]] double sum() const noexcept { return sum_.load(std::memory_order_relaxed); }

 private:
  std::vector<double> upper_ends_;
  std::unique_ptr<std::atomic<std::uint64_t>[]> counts_;
  std::atomic<double> sum_{0};
};

}  // namespace core_lib
