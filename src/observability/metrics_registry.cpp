// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/metrics_registry.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "core_lib/error/error.hpp"

#include "observability/insert_only_list.hpp"

namespace core_lib {
namespace {

bool is_name(std::string_view name) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const auto fits = [&](char c) { return is_letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && is_letter(name[0]) && std::all_of(name.begin(), name.end(), fits);
}

void require_names(std::string_view name, const MetricLabels& labels) {
  const auto refuse = [](std::string_view kind, std::string_view bad) {
    throw UsageError("the " + std::string(kind) + " '" + std::string(bad) +
                     "' is none: letters, digits and _ are, with no digit first");
  };
  if (!is_name(name)) refuse("name of a metric", name);
  for (const auto& [label, value] : labels) {
    if (!is_name(label)) refuse("label", label);
  }
}

}  // namespace

struct MetricsRegistry::Series {
  Series(MetricKind of_kind, std::string_view of_name, std::string_view of_help, const MetricLabels& of_labels)
      : kind(of_kind), name(of_name), help(of_help), labels(of_labels) {}

  MetricKind kind;
  std::string name;
  std::string help;
  MetricLabels labels;
  Counter counter{};
  Gauge gauge{};
  std::optional<Histogram> histogram{};
  Series* next = nullptr;

  [[nodiscard]] MetricSample sample() const {
    MetricSample sample{.name = name, .help = help, .labels = labels, .kind = kind};
    if (kind == MetricKind::counter) sample.value = static_cast<double>(counter.value());
    if (kind == MetricKind::gauge) sample.value = static_cast<double>(gauge.value());
    if (!histogram) return sample;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= histogram->upper_ends().size(); ++i) {
      count += histogram->count(i);
      const bool last = i == histogram->upper_ends().size();
      sample.buckets.push_back({last ? std::numeric_limits<double>::infinity() : histogram->upper_ends()[i], count});
    }
    sample.sum = histogram->sum();
    return sample;
  }
};

MetricsRegistry::MetricsRegistry() noexcept = default;
MetricsRegistry::~MetricsRegistry() { observability::destroy_all(newest_); }

MetricsRegistry::Series& MetricsRegistry::series(MetricKind kind, std::string_view name, std::string_view help,
                                                 const MetricLabels& labels, std::span<const double> upper_ends) {
  const auto is_it = [&](const Series& other) {
    if (other.name != name) return false;
    if (other.kind != kind) {
      throw UsageError("the metric '" + std::string(name) + "' is of another kind already; give this one its own name");
    }
    return other.labels == labels;
  };
  return observability::find_or_add(newest_, is_it, [&] {
    require_names(name, labels);
    auto made = std::make_unique<Series>(kind, name, help, labels);
    if (kind == MetricKind::histogram) made->histogram.emplace(upper_ends);
    return made;
  });
}

Counter& MetricsRegistry::counter(std::string_view name, std::string_view help, const MetricLabels& labels) {
  return series(MetricKind::counter, name, help, labels, {}).counter;
}

Gauge& MetricsRegistry::gauge(std::string_view name, std::string_view help, const MetricLabels& labels) {
  return series(MetricKind::gauge, name, help, labels, {}).gauge;
}

Histogram& MetricsRegistry::histogram(std::string_view name, std::string_view help, const MetricLabels& labels,
                                      std::span<const double> upper_ends) {
  return *series(MetricKind::histogram, name, help, labels, upper_ends).histogram;
}

MetricsSnapshot MetricsRegistry::snapshot() const {
  MetricsSnapshot snapshot;
  for (const Series* series = newest_.load(std::memory_order_acquire); series != nullptr; series = series->next) {
    snapshot.samples.push_back(series->sample());
  }
  std::sort(snapshot.samples.begin(), snapshot.samples.end(), [](const MetricSample& a, const MetricSample& b) {
    return a.name != b.name ? a.name < b.name : a.labels < b.labels;
  });
  return snapshot;
}

const MetricSample* MetricsSnapshot::find(std::string_view name, const MetricLabels& labels) const noexcept {
  const auto found = std::find_if(samples.begin(), samples.end(), [&](const MetricSample& sample) {
    return sample.name == name && sample.labels == labels;
  });
  return found == samples.end() ? nullptr : &*found;
}

}  // namespace core_lib
