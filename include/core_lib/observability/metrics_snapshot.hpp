// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace core_lib {

/// What tells the series of one metric apart: names and values, in order.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

/// What a metric measures: see Counter, Gauge and Histogram.
enum class MetricKind { counter, gauge, histogram };

/// One series of a MetricsRegistry at one moment.
struct MetricSample {
  /// As Prometheus wants it: values up to and with the end, those of the buckets before included.
  struct Bucket {
    double upper_end = 0;
    std::uint64_t count = 0;
  };

  std::string name{};
  std::string help{};
  MetricLabels labels{};
  MetricKind kind = MetricKind::counter;
  double value = 0;               ///< Of a counter or gauge.
  std::vector<Bucket> buckets{};  ///< Of a histogram; the last one ends at infinity.
  double sum = 0;                 ///< Of a histogram's values.

  /// How many values a histogram has got.
  [[nodiscard]] std::uint64_t count() const noexcept { return buckets.empty() ? 0 : buckets.back().count; }
};

/// Every series of a MetricsRegistry, ordered by name.
struct MetricsSnapshot {
  std::vector<MetricSample> samples{};

  /// The series of that name whose labels are these, or null.
  [[nodiscard]] const MetricSample* find(std::string_view name, const MetricLabels& labels = {}) const noexcept;
};

}  // namespace core_lib
