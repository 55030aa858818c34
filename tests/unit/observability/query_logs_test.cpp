// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/query_log.hpp"
#include "core_lib/observability/slow_query_log.hpp"

#include "support/recording_logger.hpp"

namespace core_lib {
namespace {

using std::chrono::milliseconds;
using support::RecordingLogger;

constexpr ObservedQuery query{
    .id = 1, .engine = "sqlite", .source = "sqlite file app.db", .statement = "SELECT * FROM users WHERE id = ?"};

TEST(QueryLogTest, WritesTheStatementBeforeItRuns) {
  const auto logger = std::make_shared<RecordingLogger>();
  QueryLog(logger).query_started(query);
  ASSERT_EQ(logger->entries().size(), 1U);
  EXPECT_EQ(logger->entries()[0].level, LogLevel::info);
  EXPECT_EQ(logger->entries()[0].component, "sqlite");
  EXPECT_EQ(logger->entries()[0].message, "SELECT * FROM users WHERE id = ?");
}

TEST(SlowQueryLogTest, WritesWhatTookAsLongAsTheThresholdOrLonger) {
  const auto logger = std::make_shared<RecordingLogger>();
  SlowQueryLog log(milliseconds(200), logger);
  log.query_ended(query, {.duration = milliseconds(200) - std::chrono::nanoseconds(1)});
  EXPECT_TRUE(logger->entries().empty());
  log.query_ended(query, {.duration = milliseconds(200), .rows = 7});
  ASSERT_EQ(logger->entries().size(), 1U);
  EXPECT_EQ(logger->entries()[0].level, LogLevel::warning);
  EXPECT_EQ(logger->entries()[0].message,
            "slow query on sqlite file app.db: 0.200 s, 7 rows: SELECT * FROM users WHERE id = ?");
}

TEST(SlowQueryLogTest, SaysWhereTheSlowOneFailed) {
  const auto logger = std::make_shared<RecordingLogger>();
  SlowQueryLog(milliseconds(0), logger)
      .query_ended(query, {.failure = Failure::of(std::make_exception_ptr(DeadlineExceeded("late")))});
  EXPECT_EQ(logger->count(LogLevel::warning, "0 rows, failed with DeadlineExceeded: SELECT"), 1U);
}

TEST(SlowQueryLogTest, SaysHowMuchOfItWasTheServers) {
  const auto logger = std::make_shared<support::RecordingLogger>();
  SlowQueryLog(milliseconds(0), logger)
      .query_ended({.engine = "solr", .source = "solr x", .statement = "select?q=?"},
                   {.duration = milliseconds(250), .http = {.server_time = milliseconds(200)}});
  EXPECT_EQ(logger->count(LogLevel::warning, "0.250 s (0.200 s on the server), 0 rows"), 1U);
}

TEST(SlowQueryLogTest, ALogNeedsALogger) {
  EXPECT_THROW(QueryLog(nullptr), UsageError);
  EXPECT_THROW(SlowQueryLog(milliseconds(1), nullptr), UsageError);
}

}  // namespace
}  // namespace core_lib
