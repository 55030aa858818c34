// SPDX-License-Identifier: Apache-2.0
#include "core_lib/prometheus/prometheus_exporter.hpp"

#include <utility>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/exposer.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::counter:
      return prometheus::MetricType::Counter;
    case MetricKind::gauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::histogram:
      break;
  }
  return prometheus::MetricType::Histogram;
}

prometheus::ClientMetric metric_of(const MetricSample& sample) {
  prometheus::ClientMetric metric;
  for (const auto& [name, value] : sample.labels) metric.label.push_back({name, value});
  metric.counter.value = metric.gauge.value = sample.value;
  metric.histogram.sample_count = sample.count();
  metric.histogram.sample_sum = sample.sum;
  for (const MetricSample::Bucket& bucket : sample.buckets) {
    metric.histogram.bucket.push_back({bucket.count, bucket.upper_end});
  }
  return metric;
}

std::vector<prometheus::MetricFamily> families_of(const MetricsSnapshot& snapshot) {
  std::vector<prometheus::MetricFamily> families;
  for (const MetricSample& sample : snapshot.samples) {  // ordered by name
    if (families.empty() || families.back().name != sample.name) {
      families.push_back({sample.name, sample.help, type_of(sample.kind), {}});
    }
    families.back().metric.push_back(metric_of(sample));
  }
  return families;
}

class Snapshots final : public prometheus::Collectable {
 public:
  explicit Snapshots(std::shared_ptr<const MetricsRegistry> metrics) : metrics_(std::move(metrics)) {}
  std::vector<prometheus::MetricFamily> Collect() const override { return families_of(metrics_->snapshot()); }

 private:
  std::shared_ptr<const MetricsRegistry> metrics_;
};

}  // namespace

struct PrometheusExporter::State {
  State(std::shared_ptr<const MetricsRegistry> metrics, const PrometheusOptions& options)
      : snapshots(std::make_shared<Snapshots>(std::move(metrics))), exposer(options.address) {
    exposer.RegisterCollectable(snapshots, options.path);
  }

  std::shared_ptr<Snapshots> snapshots;
  prometheus::Exposer exposer;
};

PrometheusExporter::PrometheusExporter(std::shared_ptr<const MetricsRegistry> metrics,
                                       const PrometheusOptions& options) {
  if (!metrics) throw UsageError("a PrometheusExporter needs a registry of metrics, and null was given");
  try {
    state_ = std::make_unique<State>(std::move(metrics), options);
  } catch (const std::exception& error) {
    throw ConfigError("cannot serve metrics to Prometheus at '" + options.address + options.path +
                          "'; is the address one of this machine's, and its port free? " + error.what(),
                      {.cause = std::current_exception()});
  }
}

PrometheusExporter::~PrometheusExporter() = default;

int PrometheusExporter::port() const { return state_->exposer.GetListeningPorts().at(0); }

std::string prometheus_text(const MetricsSnapshot& snapshot) {
  return prometheus::TextSerializer().Serialize(families_of(snapshot));
}

}  // namespace core_lib
