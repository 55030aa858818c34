// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/metrics_observer.hpp"
#include "core_lib/observability/metrics_registry.hpp"

namespace core_lib {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using Kind = PoolEvent::Kind;

TEST(MetricsRegistryTest, ASeriesIsOneObjectForItsNameAndLabels) {
  MetricsRegistry metrics;
  Counter& ada = metrics.counter("orders_total", "Orders.", {{"user", "ada"}});
  Counter& grace = metrics.counter("orders_total", "Orders.", {{"user", "grace"}});
  EXPECT_NE(&ada, &grace);
  EXPECT_EQ(&metrics.counter("orders_total", "Orders.", {{"user", "ada"}}), &ada);
  ada.add(2);
  ada.add();
  metrics.gauge("users", "Users.").add(5);
  metrics.gauge("users", "Users.").add(-7);
  const MetricsSnapshot snapshot = metrics.snapshot();
  EXPECT_EQ(snapshot.find("orders_total", {{"user", "ada"}})->value, 3);
  EXPECT_EQ(snapshot.find("orders_total", {{"user", "grace"}})->value, 0);
  EXPECT_EQ(snapshot.find("orders_total"), nullptr);
  EXPECT_EQ(snapshot.find("users")->value, -2);
}

TEST(MetricsRegistryTest, ASnapshotIsOrderedByName) {
  MetricsRegistry metrics;
  for (const char* name : {"c", "a", "b"}) (void)metrics.counter(name, "");
  std::vector<std::string> names;
  for (const MetricSample& sample : metrics.snapshot().samples) names.push_back(sample.name);
  EXPECT_THAT(names, ElementsAre("a", "b", "c"));
}

TEST(MetricsRegistryTest, BadNamesAndKindsAreRefused) {
  MetricsRegistry metrics;
  for (const char* name : {"", "1st", "a-b", "a b", "\"", "ä"}) {
    EXPECT_THROW((void)metrics.counter(name, ""), UsageError) << name;
    EXPECT_THROW((void)metrics.counter("good", "", {{name, "value"}}), UsageError) << name;
  }
  (void)metrics.counter("good", "");
  EXPECT_THROW((void)metrics.gauge("good", ""), UsageError);
  EXPECT_THROW((void)metrics.histogram("good", "", {{"other", "labels"}}), UsageError);
}

TEST(HistogramTest, AValueFallsIntoTheFirstBucketThatReachesIt) {
  MetricsRegistry metrics;
  constexpr double ends[] = {1, 10};
  Histogram& histogram = metrics.histogram("sizes", "Sizes.", {}, ends);
  for (const double value : {0.5, 1.0, 1.5, 10.0, 11.0, 1000.0}) histogram.add(value);
  const MetricsSnapshot snapshot = metrics.snapshot();
  const MetricSample& sample = *snapshot.find("sizes");
  ASSERT_EQ(sample.buckets.size(), 3U);
  EXPECT_EQ(sample.buckets[0].upper_end, 1);
  EXPECT_EQ(sample.buckets[0].count, 2U);
  EXPECT_EQ(sample.buckets[1].count, 4U);
  EXPECT_TRUE(std::isinf(sample.buckets[2].upper_end));
  EXPECT_EQ(sample.count(), 6U);
  EXPECT_EQ(sample.sum, 1024);
}

TEST(HistogramTest, DurationsAreSeconds) {
  Histogram histogram;
  histogram.add(milliseconds(1500));
  EXPECT_EQ(histogram.sum(), 1.5);
}

TEST(HistogramTest, EndsThatDoNotAscendAreRefused) {
  const auto make = [](std::vector<double> ends) { const Histogram histogram(ends); };
  EXPECT_THROW(make({1, 1}), UsageError);
  EXPECT_THROW(make({2, 1}), UsageError);
  EXPECT_THROW(make({INFINITY}), UsageError);
  EXPECT_THROW(make({NAN, 1}), UsageError);
  EXPECT_NO_THROW(make({}));
}

TEST(MetricsRegistryTest, NothingIsLostBetweenThreads) {
  MetricsRegistry metrics;
  constexpr int threads = 8;
  constexpr int rounds = 2000;
  {
    std::vector<std::jthread> running;
    for (int t = 0; t < threads; ++t) {
      running.emplace_back([&metrics] {
        for (int i = 0; i < rounds; ++i) {
          const MetricLabels labels{{"n", std::to_string(i % 20)}};
          metrics.counter("hits_total", "Hits.", labels).add();
          metrics.histogram("times", "Times.").add(0.5);
          if (i % 500 == 0) (void)metrics.snapshot();
        }
      });
    }
  }
  const MetricsSnapshot snapshot = metrics.snapshot();
  EXPECT_EQ(snapshot.samples.size(), 21U);
  EXPECT_EQ(snapshot.find("times")->count(), std::uint64_t{threads * rounds});
  EXPECT_EQ(snapshot.find("times")->sum, 0.5 * threads * rounds);
  for (int n = 0; n < 20; ++n) {
    EXPECT_EQ(snapshot.find("hits_total", {{"n", std::to_string(n)}})->value, threads * rounds / 20);
  }
}

TEST(MetricsObserverTest, CountsQueriesByTheirDataSource) {
  const auto metrics = std::make_shared<MetricsRegistry>();
  MetricsObserver observer(metrics);
  const ObservedQuery users{.engine = "sqlite", .source = "users.db"};
  observer.query_ended(users, {.duration = milliseconds(2), .rows = 10});
  observer.query_ended(
      users, {.duration = milliseconds(4), .failure = Failure::of(std::make_exception_ptr(UniqueViolation("ada")))});
  observer.query_ended({.engine = "sqlite", .source = "orders.db"}, {.rows = 1});
  const MetricsSnapshot snapshot = metrics->snapshot();
  const MetricLabels of_users{{"engine", "sqlite"}, {"source", "users.db"}};
  EXPECT_EQ(snapshot.find("core_lib_query_duration_seconds", of_users)->count(), 2U);
  EXPECT_DOUBLE_EQ(snapshot.find("core_lib_query_duration_seconds", of_users)->sum, 0.006);
  EXPECT_EQ(snapshot.find("core_lib_query_rows_total", of_users)->value, 10);
  MetricLabels failed = of_users;
  failed.emplace_back("error", "UniqueViolation");
  EXPECT_EQ(snapshot.find("core_lib_query_failures_total", failed)->value, 1);
}

TEST(MetricsObserverTest, TellsTransactionsByTheirOutcome) {
  const auto metrics = std::make_shared<MetricsRegistry>();
  MetricsObserver observer(metrics);
  constexpr TransactionEnd ends[] = {TransactionEnd::committed, TransactionEnd::rolled_back,
                                     TransactionEnd::commit_failed, TransactionEnd::unknown};
  for (const TransactionEnd end : ends) {
    for (int i = 0; i <= static_cast<int>(end); ++i) {
      observer.transaction_ended({.engine = "sqlite", .source = "users.db"}, {.end = end});
    }
  }
  const MetricsSnapshot snapshot = metrics->snapshot();
  for (const TransactionEnd end : ends) {
    EXPECT_EQ(snapshot
                  .find("core_lib_transaction_duration_seconds",
                        {{"engine", "sqlite"}, {"source", "users.db"}, {"outcome", std::string(to_string(end))}})
                  ->count(),
              1U + static_cast<unsigned>(end));
  }
}

TEST(MetricsObserverTest, FollowsAPool) {
  const auto metrics = std::make_shared<MetricsRegistry>();
  MetricsObserver observer(metrics);
  const auto happens = [&](Kind kind, int times) {
    for (int i = 0; i < times; ++i) observer.pool_changed({.kind = kind, .pool = "users"});
  };
  happens(Kind::connected, 3);
  happens(Kind::acquired, 4);
  happens(Kind::released, 3);
  happens(Kind::closed, 1);
  happens(Kind::timed_out, 2);
  happens(Kind::leaked, 1);
  observer.pool_changed({.kind = Kind::connect_failed,
                         .pool = "users",
                         .failure = Failure::of(std::make_exception_ptr(AuthenticationError("no")))});
  const MetricsSnapshot snapshot = metrics->snapshot();
  const MetricLabels users{{"pool", "users"}};
  EXPECT_EQ(snapshot.find("core_lib_pool_connections", users)->value, 2);
  EXPECT_EQ(snapshot.find("core_lib_pool_connections_in_use", users)->value, 1);
  EXPECT_EQ(snapshot.find("core_lib_pool_wait_seconds", users)->count(), 4U);
  EXPECT_EQ(snapshot.find("core_lib_pool_use_seconds", users)->count(), 3U);
  EXPECT_EQ(snapshot.find("core_lib_pool_connect_seconds", users)->count(), 3U);
  EXPECT_EQ(snapshot.find("core_lib_pool_timeouts_total", users)->value, 2);
  EXPECT_EQ(snapshot.find("core_lib_pool_leaks_total", users)->value, 1);
  EXPECT_EQ(snapshot.find("core_lib_pool_closed_total", users)->value, 1);
  EXPECT_EQ(
      snapshot.find("core_lib_pool_connect_failures_total", {{"pool", "users"}, {"error", "AuthenticationError"}})
          ->value,
      1);
}

TEST(MetricsObserverTest, NeedsARegistry) { EXPECT_THROW(MetricsObserver(nullptr), UsageError); }

}  // namespace
}  // namespace core_lib
