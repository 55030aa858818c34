// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <span>
#include <string_view>

#include "core_lib/observability/counter.hpp"
#include "core_lib/observability/gauge.hpp"
#include "core_lib/observability/histogram.hpp"
#include "core_lib/observability/metrics_snapshot.hpp"

namespace core_lib {

/// Counters, gauges and histograms by name and labels: those of core_lib, through a MetricsObserver, and your own.
///
/// Names and labels follow Prometheus: letters, digits and `_`, no digit first. A series is made where it is asked for
/// the first time, and lives as long as the registry: keep the reference, as looking it up walks over all series.
/// Errors: UsageError for a name that is none, or that stands for another kind already.
/// Thread safety: all functions, lock-free.
class MetricsRegistry {
 public:
  MetricsRegistry() noexcept;
  MetricsRegistry(const MetricsRegistry&) = delete;
  MetricsRegistry& operator=(const MetricsRegistry&) = delete;
  ~MetricsRegistry();

  /// The series of that name with these labels, made where there is none yet.
  /// @param help  one sentence for people who read the figures
  /// @{
  [[nodiscard]] Counter& counter(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  [[nodiscard]] Gauge& gauge(std::string_view name, std::string_view help, const MetricLabels& labels = {});
  [[nodiscard]] Histogram& histogram(std::string_view name, std::string_view help, const MetricLabels& labels = {},
                                     std::span<const double> upper_ends = duration_buckets);
  /// @}

  /// All series as they are now, each on its own.
  [[nodiscard]] MetricsSnapshot snapshot() const;

 private:
  struct Series;
  Series& series(MetricKind kind, std::string_view name, std::string_view help, const MetricLabels& labels,
                 std::span<const double> upper_ends);

  std::atomic<Series*> newest_{nullptr};
};

}  // namespace core_lib
