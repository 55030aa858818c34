// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account_load.hpp"
#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/fault_proxy.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::caught;
using support::eventually;
using testing::HasSubstr;
using Stream = support::FaultProxy::Stream;

std::uint16_t number(const std::string& port) { return static_cast<std::uint16_t>(std::stoi(port)); }

/// The registry reaches the server through a proxy that fails, and asks by a way that works.
class PostgresqlCommitInquiry : public testing::Test {
 protected:
  PostgresqlCommitInquiry() {
    PostgresqlOptions options = schema.options();
    options.hosts = {{"127.0.0.1", number(proxy.port())}, {"127.0.0.1", number(way_to_ask.port())}};
    options.resolve_unknown_commits = true;
    db = support::PostgresqlSchema::open(options);
    db->create_db<Account>();
    db->with([](Session& session) { session.add(Account{0, "ada", 100}); });
  }
  void lose_the_commit() { proxy.limit(Stream::upstream, 0); }
  void lose_its_answer() { proxy.limit(Stream::downstream, 0); }
  static void set_balance(Session& session, std::int64_t balance) {
    session.query<Account>().filter(accounts::name == "ada").update(accounts::balance = balance);
  }
  std::int64_t balance() {
    return schema.administrator().execute("SELECT balance FROM accounts").scalar<std::int64_t>();
  }

  support::PostgresqlSchema schema;
  support::Service toxiproxy{"toxiproxy"};
  support::FaultProxy proxy{toxiproxy["port"], schema.server()["port"]};
  support::FaultProxy way_to_ask{toxiproxy["port"], schema.server()["port"]};
  std::unique_ptr<SqlConnectionRegistry> db;
};

TEST_F(PostgresqlCommitInquiry, FindsACommitWhoseAnswerWasLostStored) {
  int runs = 0;
  bool told = false;
  db->with({.attempts = 3}, [&](Session& session) {
    ++runs;
    session.after_commit([&] { told = true; });
    set_balance(session, 1);
    lose_its_answer();
  });
  EXPECT_EQ(runs, 1);
  EXPECT_TRUE(told);
  EXPECT_EQ(balance(), 1);
  EXPECT_EQ(db->pool_statistics()->total, 0U);
  db->with([](Session& session) { set_balance(session, 2); });
  EXPECT_EQ(balance(), 2);
}

TEST_F(PostgresqlCommitInquiry, FindsACommitThatNeverArrivedRolledBack) {
  bool told = false;
  const auto error = caught<CommitFailed>([&] {
    db->with([&](Session& session) {
      session.after_commit([&] { told = true; });
      set_balance(session, 1);
      lose_the_commit();
    });
  });
  EXPECT_THAT(error.what(), HasSubstr("rolled back"));
  EXPECT_TRUE(error.is_retryable());
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_FALSE(error.is_in_doubt());
  EXPECT_THROW(std::rethrow_exception(error.cause()), ConnectionLost);
  EXPECT_FALSE(told);
  EXPECT_EQ(balance(), 100);
}

TEST_F(PostgresqlCommitInquiry, LetsTheScopeRunAgainWhereNothingWasStored) {
  int runs = 0;
  db->with({.attempts = 2}, [&](Session& session) {
    session.query<Account>().all_rows().update(accounts::balance = accounts::balance + 1);
    if (++runs == 1) lose_the_commit();
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(balance(), 101);
}

TEST_F(PostgresqlCommitInquiry, KnowsATransactionThatReadFirstAndOneThatWroteInASavepoint) {
  db->with([&](Session& session) {
    (void)session.query<Account>().get_one(1);
    for (const Account& account : session.query<Account>().stream()) EXPECT_EQ(account.name, "ada");
    session.savepoint([&] { set_balance(session, 3); });
    lose_its_answer();
  });
  EXPECT_EQ(balance(), 3);
}

TEST_F(PostgresqlCommitInquiry, KnowsATransactionWhoseOnlyWriteIsACopy) {
  db->with([&](Session& session) {
    session.add_all(make_accounts());
    lose_its_answer();
  });
  EXPECT_EQ(db->pool_statistics()->total, 0U);
  EXPECT_EQ(db->execute("SELECT count(*) FROM accounts").scalar<int>(), 1001);
}

// The first one found the table changed, and was rolled back.
TEST_F(PostgresqlCommitInquiry, KnowsTheSecondTransactionOfACopyThatWasBegunAgain) {
  db->with([](Session& session) { session.add_all(make_accounts()); });
  schema.administrator().execute("DELETE FROM accounts");
  schema.administrator().execute("ALTER TABLE accounts ALTER balance TYPE numeric");
  db->with([&](Session& session) {
    session.add_all(make_accounts());
    lose_its_answer();
  });
  EXPECT_EQ(db->pool_statistics()->total, 0U);
  EXPECT_EQ(db->execute("SELECT count(*) FROM accounts").scalar<int>(), 1000);
}

TEST_F(PostgresqlCommitInquiry, KnowsATransactionWhoseOnlyWriteIsInABatch) {
  db->with([&](Session& session) {
    Batch batch;
    batch.add("SELECT 1");
    batch.add("UPDATE accounts SET balance = 6");
    EXPECT_EQ(session.execute(batch).size(), 2U);
    lose_its_answer();
  });
  EXPECT_EQ(db->pool_statistics()->total, 0U);
  EXPECT_EQ(balance(), 6);
}

TEST_F(PostgresqlCommitInquiry, WorksWithoutPreparedStatements) {
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", number(proxy.port())}, {"127.0.0.1", number(way_to_ask.port())}};
  options.resolve_unknown_commits = true;
  options.prepared_statements = false;
  support::PostgresqlSchema::open(options)->with([&](Session& session) {
    set_balance(session, 4);
    lose_its_answer();
  });
  EXPECT_EQ(balance(), 4);
}

TEST_F(PostgresqlCommitInquiry, LeavesACommitUnknownWhereNobodyAnswersBeforeTheDeadline) {
  const auto error = caught<CommitUnknown>([&] {
    db->with({.deadline = 500ms}, [&](Session& session) {
      set_balance(session, 1);
      lose_its_answer();
      way_to_ask.cut();
    });
  });
  EXPECT_TRUE(error.is_in_doubt());
  EXPECT_THAT(error.what(), HasSubstr("could not be asked"));
  EXPECT_TRUE(eventually([&] { return balance() == 1; }));
}

TEST_F(PostgresqlCommitInquiry, LeavesAStatementOnItsOwnUnknown) {
  lose_its_answer();
  EXPECT_THROW(db->execute("UPDATE accounts SET balance = 7"), CommitUnknown);
  EXPECT_TRUE(eventually([&] { return balance() == 7; }));
}

TEST_F(PostgresqlCommitInquiry, WaitsWhileTheServerStillWorksOnTheTransaction) {
  // At the commit a trigger waits for a lock that somebody else holds.
  const std::string wait = schema.name() + ".wait()";
  schema.administrator().execute("CREATE FUNCTION " + wait +
                                 " RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); "
                                 "RETURN NULL; END'");
  schema.administrator().execute("CREATE CONSTRAINT TRIGGER waits AFTER UPDATE ON " + schema.name() +
                                 ".accounts DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION " + wait);
  support::Forwarder asked(schema.port());
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", number(proxy.port())}, {"127.0.0.1", asked.port()}};
  options.resolve_unknown_commits = true;
  options.tls.mode = TlsMode::disable;
  const auto slow = support::PostgresqlSchema::open(options);
  const auto waits = [&] {
    return schema.administrator().execute("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").size() >
           0;
  };
  auto holder = schema.administrator().get();
  (void)holder.enter().execute("SELECT pg_advisory_xact_lock(4711)");
  const std::uint64_t before = asked.requests();
  const std::jthread meddler([&] {
    EXPECT_TRUE(eventually(waits));
    proxy.cut();
    // A login takes three requests, the question one and the farewell another: then it was answered, and is asked
    // again.
    for (std::uint64_t seen = before; seen < before + 6; seen = asked.requests()) asked.await_request(seen);
    holder.exit(nullptr);
  });
  slow->with([](Session& session) { set_balance(session, 5); });
  EXPECT_EQ(balance(), 5);
}

TEST(PostgresqlCommitInquiryOfACrashedServer, LeavesACommitUnknown) {
  support::OwnService server("postgresql");
  support::Forwarder network(number(server["port"]));
  PostgresqlOptions options = support::postgresql_options(server);
  options.hosts.insert(options.hosts.begin(), {"127.0.0.1", network.port()});
  options.resolve_unknown_commits = true;
  const auto db = support::PostgresqlSchema::open(options);
  db->create_db<Account>();
  std::jthread killer;
  const auto error = caught<CommitUnknown>([&] {
    db->with([&](Session& session) {
      session.add(Account{0, "ada", 1});
      network.swallow_requests();
      killer = std::jthread([&, before = network.requests()] {
        network.await_request(before);
        network.swallow_requests(false);
        server.run("crash");
        server.run("resume");
      });
    });
  });
  EXPECT_THAT(error.what(), HasSubstr("crashed"));
}

}  // namespace
}  // namespace core_lib::sql
