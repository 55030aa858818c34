// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <barrier>
#include <functional>
#include <thread>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::eventually;

class PostgresqlCommit : public testing::Test {
 protected:
  PostgresqlCommit() {
    PostgresqlOptions options = schema.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    db = support::PostgresqlSchema::open(options);
    db->create_db<Account>();
    db->with([](Session& session) { session.add_all(std::vector<Account>{{0, "ada", 100}, {0, "grace", 100}}); });
  }

  /// As somebody else sees it.
  std::int64_t balance(const std::string& name) {
    return schema.administrator().execute("SELECT balance FROM accounts WHERE name = $1", name).scalar<std::int64_t>();
  }
  /// Lets the next request pass or vanish, its answer in any case, and then cuts the link.
  std::jthread lose_the_next_answer(bool and_the_request) {
    network.swallow_requests(and_the_request);
    network.swallow_answers();
    return std::jthread([this, before = network.requests()] {
      network.await_request(before);
      network.cut();
    });
  }
  void heal() {
    network.swallow_requests(false);
    network.swallow_answers(false);
  }
  static void set_balance(Session& session, std::int64_t balance) {
    session.query<Account>().filter(accounts::name == "ada").update(accounts::balance = balance);
  }

  support::PostgresqlSchema schema;
  support::Forwarder network{schema.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

TEST_F(PostgresqlCommit, IsUnknownWhereItsAnswerIsLostAndMayBeStored) {
  std::jthread cutter;
  EXPECT_THROW(db->with([&](Session& session) {
    set_balance(session, 1);
    cutter = lose_the_next_answer(false);
  }),
               CommitUnknown);
  EXPECT_TRUE(eventually([&] { return balance("ada") == 1; }));
}

TEST_F(PostgresqlCommit, IsUnknownWhereItsRequestIsLostAndIsNotStored) {
  std::jthread cutter;
  int runs = 0;
  try {
    db->with({.attempts = 3}, [&](Session& session) {
      ++runs;
      set_balance(session, 1);
      cutter = lose_the_next_answer(true);
    });
    FAIL() << "a commit without an answer was reported as done";
  } catch (const CommitUnknown& error) {
    EXPECT_TRUE(error.is_in_doubt());
    EXPECT_TRUE(error.breaks_connection());
    EXPECT_THROW(std::rethrow_exception(error.cause()), ConnectionLost);
  }
  EXPECT_EQ(runs, 1);
  cutter.join();
  heal();
  EXPECT_EQ(balance("ada"), 100);
  db->with([](Session& session) { set_balance(session, 2); });
  EXPECT_EQ(balance("ada"), 2);
}

TEST_F(PostgresqlCommit, IsUnknownWhereTheDeadlinePassesBeforeItsAnswer) {
  EXPECT_THROW(db->with({.deadline = 1s},
                        [&](Session& session) {
                          set_balance(session, 1);
                          network.swallow_answers();
                        }),
               CommitUnknown);
  EXPECT_TRUE(eventually([&] { return balance("ada") == 1; }));
  heal();
  db->with([](Session& session) { set_balance(session, 2); });
  EXPECT_EQ(balance("ada"), 2);
}

TEST_F(PostgresqlCommit, FailsForSureWhereTheConnectionIsKnownToBeLostBefore) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(10s));
  connection->begin({});
  connection->prepare("UPDATE accounts SET balance = 1")->execute({}, driver::Fetching::at_once);
  schema.administrator().execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'UPDATE accounts SET balance = 1'");
  ASSERT_TRUE(eventually([&] { return !connection->is_usable(); }));
  try {
    connection->commit();
    FAIL() << "committed on a dead link";
  } catch (const CommitFailed& error) {
    EXPECT_TRUE(error.is_retryable());
    EXPECT_TRUE(error.breaks_connection());
  }
  EXPECT_EQ(balance("ada"), 100);
}

// A session refuses such statements; a procedure may still contain one.
TEST_F(PostgresqlCommit, FailsWhereAStatementEndedTheTransaction) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(10s));
  connection->begin({});
  for (const char* const sql : {"UPDATE accounts SET balance = 1", "ROLLBACK"}) {
    connection->prepare(sql)->execute({}, driver::Fetching::at_once);
  }
  EXPECT_THROW(connection->commit(), CommitFailed);
  EXPECT_EQ(balance("ada"), 100);
}

// Without the session's doom: the server answers COMMIT with ROLLBACK, and calls that success.
TEST_F(PostgresqlCommit, OfAnAbortedTransactionFailsInTheDriverToo) {
  const auto driver = make_postgresql_driver(schema.options());
  const auto connection = driver->connect(Access::read_write, Deadline::in(10s));
  const auto run = [&](std::string_view sql) { connection->prepare(sql)->execute({}, driver::Fetching::at_once); };
  connection->begin({});
  run("UPDATE accounts SET balance = 1");
  EXPECT_THROW(run("SELECT 1 / 0"), ConversionError);
  EXPECT_THROW(run("SELECT 1"), TransactionAborted);
  EXPECT_THROW(connection->commit(), CommitFailed);
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_TRUE(connection->is_usable());
  EXPECT_EQ(balance("ada"), 100);
}

TEST_F(PostgresqlCommit, OfAStatementOnItsOwnIsUnknownWhereItsAnswerIsLost) {
  db->execute("UPDATE accounts SET balance = 5");
  const std::jthread cutter = lose_the_next_answer(false);
  EXPECT_THROW(db->execute("UPDATE accounts SET balance = 7"), CommitUnknown);
  EXPECT_TRUE(eventually([&] { return balance("ada") == 7; }));
}

TEST_F(PostgresqlCommit, RunsAgainAfterASerializationFailure) {
  int runs = 0;
  db->with({.isolation = Isolation::serializable, .attempts = 2}, [&](Session& session) {
    const std::int64_t seen = session.query<Account>().filter(accounts::name == "ada").one().balance;
    if (++runs == 1) schema.administrator().execute("UPDATE accounts SET balance = balance + 1");
    set_balance(session, seen * 2);
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(balance("ada"), 202);
}

TEST_F(PostgresqlCommit, RunsAgainAfterADeadlock) {
  std::barrier both_hold_one(2);
  std::atomic<int> runs = 0;
  const auto move = [&](const char* from, const char* to) {
    bool first = true;
    db->with({.attempts = 10}, [&](Session& session) {
      ++runs;
      session.query<Account>().filter(accounts::name == from).update(accounts::balance = accounts::balance - 10);
      if (std::exchange(first, false)) both_hold_one.arrive_and_wait();
      session.query<Account>().filter(accounts::name == to).update(accounts::balance = accounts::balance + 10);
    });
  };
  {
    const std::jthread one([&] { move("ada", "grace"); });
    const std::jthread other([&] { move("grace", "ada"); });
  }
  EXPECT_GE(runs, 3);
  EXPECT_EQ(balance("ada"), 100);
  EXPECT_EQ(balance("grace"), 100);
}

}  // namespace
}  // namespace core_lib::sql
