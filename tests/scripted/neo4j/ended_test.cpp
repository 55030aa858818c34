// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/driver.hpp"

#include "scripted/neo4j/scripted_server.hpp"

namespace core_lib::neo4j {
namespace {

using bolt::record;
using bolt::success;

/// Answers as a server would whose every query has more rows than were asked for.
void serve(Peer& peer) {
  constexpr std::uint8_t run_message = 0x10, pull_message = 0x3F, goodbye = 0x02;
  peer.welcome();
  while (const std::uint8_t tag = peer.hear()) {
    if (tag == goodbye) continue;
    if (tag == pull_message) peer.say(record({1}));
    if (tag == run_message) {
      peer.say(success({{"fields", List{"n"}}}));
    } else {
      peer.say(tag == pull_message ? success({{"has_more", true}}) : success({}));
    }
  }
}

/// What is done with what has ended.
class EndedTest : public testing::Test {
 protected:
  ScriptedServer server_{{serve}};
  std::optional<Driver> driver_{std::in_place, server_.uri(), AuthToken::basic("neo4j", "secret"),
                                DriverConfig{.fetch_size = 1}};
};

void expect_gone(Result& result) {
  EXPECT_EQ(result.keys(), std::vector<std::string>{"n"});
  EXPECT_THROW((void)result.next(), UsageError);
  EXPECT_THROW((void)result.peek(), UsageError);
  EXPECT_THROW((void)result.single(), UsageError);
  EXPECT_THROW((void)result.list(), UsageError);
  EXPECT_THROW((void)result.consume(), UsageError);
}

TEST_F(EndedTest, AResultIsGoneWithItsAbandonedSession) {
  std::optional<Session> session = driver_->session();
  Result result = session->run("RETURN 1 AS n");
  EXPECT_TRUE(result.next());
  session.reset();
  expect_gone(result);
  EXPECT_EQ(driver_->pool_statistics().active, 0U);
}

TEST_F(EndedTest, AResultIsGoneWithItsAbandonedTransaction) {
  Session session = driver_->session();
  std::optional<Transaction> transaction = session.begin_transaction();
  Result result = transaction->run("RETURN 1 AS n");
  transaction.reset();
  expect_gone(result);
  EXPECT_TRUE(session.run("RETURN 1 AS n").next()) << "the session goes on";
}

TEST_F(EndedTest, ATransactionIsGoneWithItsAbandonedSession) {
  Session session = driver_->session();
  Transaction transaction = session.begin_transaction();
  Result result = transaction.run("RETURN 1 AS n");
  session.abandon();
  expect_gone(result);
  EXPECT_THROW((void)transaction.run("RETURN 1 AS n"), UsageError);
  EXPECT_THROW(transaction.commit(), UsageError);
  EXPECT_THROW(transaction.rollback(), UsageError);
  EXPECT_NO_THROW(transaction.close());
}

TEST_F(EndedTest, AClosedSessionRunsNothing) {
  Session session = driver_->session({.bookmarks = Bookmarks{"b"}});
  Result result = session.run("RETURN 1 AS n");
  session.close();
  EXPECT_NO_THROW((void)result.consume()) << "its summary was read by close()";
  EXPECT_THROW((void)result.next(), UsageError);
  EXPECT_THROW((void)session.run("RETURN 1 AS n"), UsageError);
  EXPECT_THROW((void)session.begin_transaction(), UsageError);
  EXPECT_THROW(session.execute_read([](ManagedTransaction&) {}), UsageError);
  EXPECT_EQ(session.last_bookmarks(), Bookmarks{"b"});
  EXPECT_NO_THROW(session.close());
}

TEST_F(EndedTest, AnEndedTransactionRunsNothing) {
  Session session = driver_->session();
  for (const bool commits : {true, false}) {
    Transaction transaction = session.begin_transaction();
    Result result = transaction.run("RETURN 1 AS n");
    commits ? transaction.commit() : transaction.rollback();
    EXPECT_THROW((void)transaction.run("RETURN 1 AS n"), UsageError);
    EXPECT_THROW(transaction.commit(), UsageError);
    EXPECT_THROW(transaction.rollback(), UsageError);
    EXPECT_NO_THROW(transaction.close());
    EXPECT_NO_THROW((void)result.consume());
    EXPECT_THROW((void)result.next(), UsageError);
  }
}

TEST_F(EndedTest, AClosedDriverDoesNothing) {
  Session idle = driver_->session();
  Session session = driver_->session();
  Transaction transaction = session.begin_transaction();
  Result result = transaction.run("RETURN 1 AS n");
  driver_->close();
  EXPECT_THROW((void)driver_->session(), UsageError);
  EXPECT_THROW((void)driver_->execute_query("RETURN 1 AS n"), UsageError);
  EXPECT_THROW(driver_->verify_connectivity(), UsageError);
  EXPECT_THROW((void)driver_->get_server_info(), UsageError);
  EXPECT_THROW((void)idle.run("RETURN 1 AS n"), UsageError);
  EXPECT_THROW((void)idle.begin_transaction(), UsageError);
  EXPECT_THROW((void)transaction.run("RETURN 1 AS n"), ConnectionLost);
  EXPECT_THROW((void)result.next(), Error);
  EXPECT_THROW(transaction.commit(), Error);
  EXPECT_NO_THROW(transaction.close());
  EXPECT_NO_THROW(session.close());
  EXPECT_NO_THROW(driver_->close());
}

TEST_F(EndedTest, ADriverMayEndBeforeItsSessionsAndResults) {
  Session session = driver_->session();
  Result result = session.run("RETURN 1 AS n");
  EXPECT_TRUE(result.peek());
  driver_.reset();
  EXPECT_TRUE(result.next()) << "it had come before";
  EXPECT_THROW((void)result.next(), ConnectionLost);
  EXPECT_THROW((void)session.run("RETURN 1 AS n"), UsageError);
}

TEST_F(EndedTest, APassedDeadlineCostsNoConnection) {
  driver_->verify_connectivity();
  Session session = driver_->session({.deadline = Deadline::in(std::chrono::milliseconds(0))});
  EXPECT_THROW((void)session.run("RETURN 1 AS n"), DeadlineExceeded);
  EXPECT_THROW((void)session.begin_transaction(), DeadlineExceeded);
  EXPECT_EQ(driver_->pool_statistics().idle, 1U);
  EXPECT_EQ(driver_->pool_statistics().closes, 0U);
}

}  // namespace
}  // namespace core_lib::neo4j
