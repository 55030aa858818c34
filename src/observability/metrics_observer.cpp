// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/metrics_observer.hpp"

#include <string>
#include <utility>

#include "core_lib/error/error.hpp"

#include "observability/insert_only_list.hpp"

namespace core_lib {

/// The series of one data source, looked up once.
struct MetricsObserver::Source {
  Source(MetricsRegistry& metrics, std::string_view of_engine, std::string_view of_name)
      : engine(of_engine),
        name(of_name),
        labels{{"engine", engine}, {"source", name}},
        duration(metrics.histogram("core_lib_query_duration_seconds", "How long queries took.", labels)),
        rows(metrics.counter("core_lib_query_rows_total", "Rows that queries read or matched.", labels)),
        committed(transactions(metrics, TransactionEnd::committed)),
        rolled_back(transactions(metrics, TransactionEnd::rolled_back)),
        commit_failed(transactions(metrics, TransactionEnd::commit_failed)),
        unknown(transactions(metrics, TransactionEnd::unknown)) {}

  Histogram& transactions(MetricsRegistry& metrics, TransactionEnd end) const {
    MetricLabels of_end = labels;
    of_end.emplace_back("outcome", to_string(end));
    return metrics.histogram("core_lib_transaction_duration_seconds", "How long transactions took.", of_end);
  }
  Histogram& transactions(TransactionEnd end) const noexcept {
    switch (end) {
      case TransactionEnd::committed:
        return committed;
      case TransactionEnd::rolled_back:
        return rolled_back;
      case TransactionEnd::commit_failed:
        return commit_failed;
      case TransactionEnd::unknown:
        break;
    }
    return unknown;
  }

  std::string engine;
  std::string name;
  MetricLabels labels;
  Histogram& duration;
  Counter& rows;
  Histogram& committed;
  Histogram& rolled_back;
  Histogram& commit_failed;
  Histogram& unknown;
  Source* next = nullptr;
};

/// The same of one pool.
struct MetricsObserver::Pool {
  Pool(MetricsRegistry& metrics, std::string_view of_name)
      : name(of_name),
        labels{{"pool", name}},
        wait(metrics.histogram("core_lib_pool_wait_seconds", "How long a connection was waited for.", labels)),
        use(metrics.histogram("core_lib_pool_use_seconds", "How long a connection was lent.", labels)),
        connect(metrics.histogram("core_lib_pool_connect_seconds", "How long opening a connection took.", labels)),
        timeouts(metrics.counter("core_lib_pool_timeouts_total", "Waits that ended without a connection.", labels)),
        leaks(metrics.counter("core_lib_pool_leaks_total", "Connections that were lent for too long.", labels)),
        closed(metrics.counter("core_lib_pool_closed_total", "Connections that were closed.", labels)),
        open(metrics.gauge("core_lib_pool_connections", "Connections that are open.", labels)),
        lent(metrics.gauge("core_lib_pool_connections_in_use", "Connections that are lent.", labels)) {}

  std::string name;
  MetricLabels labels;
  Histogram& wait;
  Histogram& use;
  Histogram& connect;
  Counter& timeouts;
  Counter& leaks;
  Counter& closed;
  Gauge& open;
  Gauge& lent;
  Pool* next = nullptr;
};

MetricsObserver::MetricsObserver(std::shared_ptr<MetricsRegistry> metrics) : metrics_(std::move(metrics)) {
  if (!metrics_) throw UsageError("a MetricsObserver needs a registry of metrics, and null was given");
}

MetricsObserver::~MetricsObserver() {
  observability::destroy_all(sources_);
  observability::destroy_all(pools_);
}

MetricsObserver::Source& MetricsObserver::source(std::string_view engine, std::string_view name) {
  return observability::find_or_add(
      sources_, [&](const Source& other) { return other.name == name && other.engine == engine; },
      [&] { return std::make_unique<Source>(*metrics_, engine, name); });
}

MetricsObserver::Pool& MetricsObserver::pool(std::string_view name) {
  return observability::find_or_add(
      pools_, [&](const Pool& other) { return other.name == name; },
      [&] { return std::make_unique<Pool>(*metrics_, name); });
}

// A figure is lost where memory is, which must not become an error of what is observed.

void MetricsObserver::query_ended(const ObservedQuery& query, const QueryOutcome& outcome) noexcept {
  try {
    Source& of = source(query.engine, query.source);
    of.duration.add(outcome.duration);
    of.rows.add(outcome.rows);
    if (!outcome.failure) return;
    MetricLabels labels = of.labels;
    labels.emplace_back("error", outcome.failure.error_class);
    metrics_->counter("core_lib_query_failures_total", "Queries that failed.", labels).add();
  } catch (const std::exception&) {
  }
}

void MetricsObserver::transaction_ended(const ObservedTransaction& transaction,
                                        const TransactionOutcome& outcome) noexcept {
  try {
    source(transaction.engine, transaction.source).transactions(outcome.end).add(outcome.duration);
  } catch (const std::exception&) {
  }
}

void MetricsObserver::pool_changed(const PoolEvent& event) noexcept {
  try {
    Pool& of = pool(event.pool);
    switch (event.kind) {
      case PoolEvent::Kind::acquired:
        of.wait.add(event.duration);
        of.lent.add(1);
        break;
      case PoolEvent::Kind::released:
        of.use.add(event.duration);
        of.lent.add(-1);
        break;
      case PoolEvent::Kind::timed_out:
        of.timeouts.add();
        break;
      case PoolEvent::Kind::connected:
        of.connect.add(event.duration);
        of.open.add(1);
        break;
      case PoolEvent::Kind::connect_failed: {
        MetricLabels labels = of.labels;
        labels.emplace_back("error", event.failure.error_class);
        metrics_->counter("core_lib_pool_connect_failures_total", "Connections that could not be opened.", labels)
            .add();
        break;
      }
      case PoolEvent::Kind::closed:
        of.closed.add();
        of.open.add(-1);
        break;
      case PoolEvent::Kind::leaked:
        of.leaks.add();
        break;
    }
  } catch (const std::exception&) {
  }
}

}  // namespace core_lib
