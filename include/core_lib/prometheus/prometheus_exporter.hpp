// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "core_lib/observability/metrics_registry.hpp"

namespace core_lib {

/// Where a PrometheusExporter listens.
struct PrometheusOptions {
  /// Host and port; port 0 takes a free one. By default only this machine may ask: figures are for no stranger.
  std::string address = "127.0.0.1:9464";
  /// The path that Prometheus asks for.
  std::string path = "/metrics";
};

/// Answers Prometheus over HTTP with the series of a MetricsRegistry, from its construction to its end. Part of
/// core_lib::prometheus, which is built where prometheus-cpp is found.
/// Thread safety: all functions; it serves from threads of its own.
class PrometheusExporter {
 public:
  /// @throws UsageError   there is no registry
  /// @throws ConfigError  it cannot listen there
  explicit PrometheusExporter(std::shared_ptr<const MetricsRegistry> metrics, const PrometheusOptions& options = {});
  PrometheusExporter(const PrometheusExporter&) = delete;
  PrometheusExporter& operator=(const PrometheusExporter&) = delete;
  ~PrometheusExporter();

  /// The port it listens on.
  [[nodiscard]] int port() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A snapshot in the text format of Prometheus, for an application that has an HTTP server already.
[[nodiscard]] std::string prometheus_text(const MetricsSnapshot& snapshot);

}  // namespace core_lib
