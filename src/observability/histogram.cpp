// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "core_lib/error/error.hpp"

namespace core_lib {

Histogram::Histogram(std::span<const double> upper_ends)
    : upper_ends_(upper_ends.begin(), upper_ends.end()),
      counts_(std::make_unique<std::atomic<std::uint64_t>[]>(upper_ends.size() + 1)) {
  const auto is_finite = [](double end) { return std::isfinite(end); };
  const bool ascends =
      std::adjacent_find(upper_ends_.begin(), upper_ends_.end(), std::greater_equal<>()) == upper_ends_.end();
  if (!ascends || !std::all_of(upper_ends_.begin(), upper_ends_.end(), is_finite)) {
    throw UsageError("the ends of a histogram's buckets must be finite, each greater than the one before");
  }
}

void Histogram::add(double value) noexcept {
  const auto bucket = std::lower_bound(upper_ends_.begin(), upper_ends_.end(), value) - upper_ends_.begin();
  counts_[static_cast<std::size_t>(bucket)].fetch_add(1, std::memory_order_relaxed);
  sum_.fetch_add(value, std::memory_order_relaxed);
}

std::uint64_t Histogram::count(std::size_t bucket) const noexcept {
  return bucket > upper_ends_.size() ? 0 : counts_[bucket].load(std::memory_order_relaxed);
}

}  // namespace core_lib
