// SPDX-License-Identifier: Apache-2.0
// What docs/how-to/observe.md shows.
#include <atomic>
#include <string>

#include <gmock/gmock.h>

#include "core_lib/core_lib.hpp"
#include "core_lib/observability/metrics_observer.hpp"

#include "support/recording_logger.hpp"

struct Order {
  std::int64_t id{};
  std::int64_t total{};
};
template <>
struct core_lib::Entity<Order> : core_lib::entity<"orders", core_lib::key<&Order::id>> {};

namespace core_lib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

// [quote observer]
class CommitWatch final : public core_lib::Observer {
 public:
  void transaction_ended(const core_lib::ObservedTransaction& transaction,
                         const core_lib::TransactionOutcome& outcome) noexcept override {
    if (outcome.end == core_lib::TransactionEnd::unknown) ++in_doubt;
    if (outcome.closing > std::chrono::seconds(1)) slow_disk = transaction.id;
  }

  std::atomic<int> in_doubt{0};
  std::atomic<std::uint64_t> slow_disk{0};
};
// [/quote]

std::shared_ptr<SqlConnectionRegistry> open(std::shared_ptr<Observer> observer,
                                            std::shared_ptr<Logger> logger = default_logger()) {
  const Config config = Config::load(OBSERVE_YAML);
  // [quote from_configuration]
  const auto targets = core_lib::builtin_targets({.logger = logger, .observer = observer});
  const auto db = core_lib::instantiate_config<core_lib::SqlConnectionRegistry>(config.at("db"), targets);
  // [/quote]
  db->create_db<Order>();
  return db;
}

TEST(ObserveTest, ConfigurationTurnsLogsOn) {
  const auto logger = std::make_shared<support::RecordingLogger>();
  const auto db = open(nullptr, logger);
  db->with([](sql::Session& session) { session.add(Order{0, 4711}); });
  EXPECT_EQ(logger->count(LogLevel::info, R"(INSERT INTO "orders" ("total") VALUES (?))"), 1U);
  EXPECT_EQ(logger->count(LogLevel::info, "4711"), 0U);
  EXPECT_EQ(logger->count(LogLevel::warning, "slow query"), 0U);
}

TEST(ObserveTest, AnObserverOfYourOwnSeesItAll) {
  const auto watch = std::make_shared<CommitWatch>();
  const auto db = open(watch);
  db->with([](sql::Session& session) { session.add(Order{0, 1}); });
  EXPECT_EQ(watch->in_doubt, 0);
  EXPECT_EQ(watch->slow_disk, 0U);
}

TEST(ObserveTest, MetricsCountWhatHappens) {
  // [quote metrics]
  const auto metrics = std::make_shared<core_lib::MetricsRegistry>();
  const auto observer = core_lib::combine_observers(
      {std::make_shared<core_lib::MetricsObserver>(metrics), std::make_shared<CommitWatch>()});
  core_lib::SqlConnectionRegistry db(core_lib::sql::make_sqlite_driver(), {.observer = observer});
  // [/quote]
  db.create_db<Order>();
  db.with([](sql::Session& session) { session.add(Order{0, 1}); });
  // [quote snapshot]
  core_lib::Counter& placed = metrics->counter("orders_placed_total", "Orders that were placed.");
  placed.add();
  std::string page;
  for (const core_lib::MetricSample& sample : metrics->snapshot().samples) {
    if (sample.kind == core_lib::MetricKind::histogram) {
      page += sample.name + ": " + std::to_string(sample.count()) + " in " + std::to_string(sample.sum) + " s\n";
    }
  }
  // [/quote]
  EXPECT_THAT(page, HasSubstr("core_lib_query_duration_seconds: 2 in "));
  const MetricsSnapshot snapshot = metrics->snapshot();
  EXPECT_EQ(snapshot.find("orders_placed_total")->value, 1);
  const MetricSample* const commits =
      snapshot.find("core_lib_transaction_duration_seconds",
                    {{"engine", "sqlite"}, {"source", "sqlite in memory"}, {"outcome", "committed"}});
  ASSERT_NE(commits, nullptr);
  EXPECT_EQ(commits->count(), 2U);
  EXPECT_EQ(snapshot.find("core_lib_pool_connections", {{"pool", "sqlite in memory"}})->value, 1);
  EXPECT_EQ(snapshot.find("core_lib_pool_connections_in_use", {{"pool", "sqlite in memory"}})->value, 0);
}

TEST(ObserveTest, AScopeCarriesTheTraceOfItsRequest) {
  const auto db = open(nullptr);
  const std::string header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  // [quote trace]
  const auto trace = core_lib::TraceParent::parse(header);  // none where the header is not valid
  db->with({.traceparent = trace}, [](core_lib::sql::Session& session) { session.add(Order{0, 25}); });
  // [/quote]
  EXPECT_EQ(db->with([](sql::Session& session) { return session.query<Order>().count(); }), 1);
}

TEST(ObserveTest, HealthIsAsked) {
  const auto db = open(nullptr);
  std::string report;
  // [quote health]
  const core_lib::Health health = db->ping(core_lib::Deadline::in(std::chrono::seconds(1)));
  report = health.healthy ? health.server_version : health.error;
  if (const auto pool = db->pool_statistics()) {
    report += ", " + std::to_string(pool->active) + " of " + std::to_string(pool->max_total) + " connections in use";
  }
  // [/quote]
  EXPECT_THAT(report, StartsWith("SQLite 3."));
  EXPECT_THAT(report, HasSubstr(", 0 of 1 connections in use"));
}

}  // namespace
}  // namespace core_lib
