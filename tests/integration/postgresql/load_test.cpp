// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/postgresql.hpp"

#include "integration/postgresql/account_load.hpp"
#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"
#include "support/recording_observer.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::eventually;
using testing::HasSubstr;

/// add_all() of so many rows that COPY takes them.
class PostgresqlLoad : public testing::Test {
 protected:
  PostgresqlLoad() { db->create_db<Account>(); }

  void change(const std::string& sql) { schema.administrator().execute(sql); }
  void add_all(const std::vector<Account>& accounts) {
    db->with([&](Session& session) { session.add_all(accounts); });
  }
  /// How the rows got there: the first word of the statement.
  std::string way_of(const std::vector<Account>& accounts) {
    add_all(accounts);
    const std::string statement = observer->queries_ended().back().statement;
    return statement.substr(0, statement.find(' '));
  }
  std::int64_t count() { return db->execute("SELECT count(*) FROM accounts").scalar<std::int64_t>(); }

  support::PostgresqlSchema schema;
  std::shared_ptr<support::RecordingObserver> observer = std::make_shared<support::RecordingObserver>();
  std::unique_ptr<SqlConnectionRegistry> db = schema.open({.observer = observer});
};

TEST_F(PostgresqlLoad, IsSeenByObserversAsOneStatement) {
  add_all(make_accounts(1000));
  const auto copy = observer->queries_ended().back();
  EXPECT_EQ(copy.statement, R"(COPY "accounts" ("name", "balance") FROM STDIN)");
  EXPECT_EQ(copy.outcome.rows, 1000U);
  EXPECT_FALSE(copy.outcome.failure);
}

TEST_F(PostgresqlLoad, CostsTwoRoundTripsAndItsCommitAndOneMoreTheFirstTime) {
  support::Forwarder network(schema.port());
  network.gather_requests(std::chrono::milliseconds(5));
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", network.port()}};
  options.tls.mode = TlsMode::disable;
  const auto watched = support::PostgresqlSchema::open(options);
  for (const std::uint64_t trips : {4U, 3U, 3U}) {
    const std::uint64_t before = network.round_trips();
    watched->with([](Session& session) { session.add_all(make_accounts(600)); });
    EXPECT_EQ(network.round_trips() - before, trips);
    change("DELETE FROM accounts");
  }
  const std::uint64_t before = network.round_trips();
  watched->with([](Session& session) {
    EXPECT_EQ(session.query<Account>().count(), 0);
    session.add_all(make_accounts(600));
  });
  EXPECT_EQ(network.round_trips() - before, 4U);
}

// A number of eight bytes would pass for another one in COPY's binary form.
TEST_F(PostgresqlLoad, SeesThatAColumnHasAnotherTypeByNow) {
  for (const char* const type : {"bigint", "double precision", "text", "bigint"}) {
    change(std::string("ALTER TABLE accounts ALTER balance TYPE ") + type + " USING balance::" + type);
    EXPECT_EQ(way_of(make_accounts()), "COPY");
    EXPECT_EQ(db->execute("SELECT sum(balance::int) FROM accounts").scalar<std::int64_t>(), 499500) << type;
    db->execute("DELETE FROM accounts");
  }
}

TEST_F(PostgresqlLoad, OfATableThatWasChangedAsksForTheScopeOnceMoreWhereItHoldsWork) {
  add_all(make_accounts());
  change("ALTER TABLE accounts ALTER balance TYPE double precision");
  const auto work = [](Session& session) {
    (void)session.execute("DELETE FROM accounts");
    session.add_all(make_accounts(600));
  };
  const Error error = support::caught<Error>([&] { db->with(work); });
  EXPECT_TRUE(error.is_retryable());
  EXPECT_THAT(error.what(), HasSubstr("the table was changed meanwhile; run the scope again"));
  EXPECT_EQ(count(), 1000);
  db->with({.attempts = 2}, work);
  EXPECT_EQ(count(), 600);
}

TEST_F(PostgresqlLoad, OfATableThatIsGoneByNowSaysSo) {
  add_all(make_accounts());
  change("DROP TABLE accounts");
  EXPECT_THROW(add_all(make_accounts()), SyntaxError);
  db->create_db<Account>();
  add_all(make_accounts());
  EXPECT_EQ(count(), 1000);
}

TEST_F(PostgresqlLoad, IsLeftToInsertWhereThatCanDoMore) {
  std::vector<Account> rows = make_accounts();
  EXPECT_EQ(way_of(rows), "COPY");
  change("DELETE FROM accounts");
  EXPECT_EQ(way_of({rows.begin(), rows.begin() + 100}), "INSERT");
  change("ALTER TABLE accounts RENAME TO hidden");
  change("CREATE VIEW accounts AS SELECT * FROM hidden WHERE balance >= 0");
  change("DELETE FROM hidden");
  EXPECT_EQ(way_of(rows), "INSERT");
  change("DROP VIEW accounts");
  change("ALTER TABLE hidden RENAME TO accounts");
  change("DELETE FROM accounts");
  change("ALTER TABLE accounts ENABLE ROW LEVEL SECURITY");
  EXPECT_EQ(way_of(rows), "INSERT");
  EXPECT_EQ(count(), 1000);
}

TEST_F(PostgresqlLoad, DoesNotGiveKeysToATableThatAlwaysMakesThem) {
  std::vector<Account> rows = make_accounts();
  change("ALTER TABLE accounts ALTER id SET GENERATED ALWAYS");
  EXPECT_EQ(way_of(rows), "COPY");
  for (Account& row : rows) row.id = ++row.balance + 5000;
  EXPECT_THROW(add_all(rows), SyntaxError);
  EXPECT_EQ(count(), 1000);
}

TEST_F(PostgresqlLoad, FitsColumnsOfOtherTypes) {
  change("ALTER TABLE accounts ALTER balance TYPE numeric(10, 2), ALTER name TYPE varchar(20)");
  add_all(make_accounts());
  EXPECT_EQ(db->execute("SELECT sum(balance)::text FROM accounts").scalar<std::string>(), "499500.00");
  std::vector<Account> rows = make_accounts();
  rows[900].name = "a name of more than twenty characters";
  try {
    add_all(rows);
    FAIL() << "it was stored";
  } catch (const ConversionError& error) {
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("a name")));
  }
}

TEST_F(PostgresqlLoad, ByHandIsRefusedInsteadOfWaitingForRowsForever) {
  for (const char* const sql : {"COPY accounts FROM STDIN", "COPY accounts TO STDOUT"}) {
    for (const bool alone : {true, false}) {
      SCOPED_TRACE(sql);
      try {
        db->with([&](Session& session) {
          if (alone) (void)session.execute("SELECT 1");
          (void)session.execute(sql);
        });
        ADD_FAILURE() << "it ran";
      } catch (const UsageError& error) {
        EXPECT_THAT(error.what(), HasSubstr("add_all() stores many rows"));
      }
      EXPECT_EQ(count(), 0);
    }
  }
}

TEST_F(PostgresqlLoad, OfATableThatIsMissingSaysSo) {
  change("DROP TABLE accounts");
  EXPECT_THROW(add_all(make_accounts()), SyntaxError);
}

TEST_F(PostgresqlLoad, EndsWhereARowCannotBeStored) {
  std::vector<Account> rows = make_accounts(20'000);
  rows[15'000].name = std::string("a\0b", 3);
  EXPECT_THROW(add_all(rows), ConversionError);
  EXPECT_EQ(count(), 0);
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
  rows[15'000].name = "ab";
  add_all(rows);
  EXPECT_EQ(count(), 20'000);
}

TEST_F(PostgresqlLoad, IsCancelledAtTheDeadlineAndStoresNothing) {
  auto holder = schema.administrator().get();
  (void)holder.enter().execute("INSERT INTO accounts (name, balance) VALUES ('account 900', 1)");
  EXPECT_THROW(db->with({.deadline = 300ms}, [](Session& session) { session.add_all(make_accounts()); }),
               DeadlineExceeded);
  EXPECT_EQ(count(), 0);
  holder.exit(std::make_exception_ptr(std::runtime_error("undo")));
}

TEST_F(PostgresqlLoad, OfManyMegabytesIsCancelledToo) {
  auto holder = schema.administrator().get();
  (void)holder.enter().execute("INSERT INTO accounts (name, balance) VALUES ('account 10', 1)");
  std::vector<Account> rows = make_accounts(20'000);
  for (std::size_t i = 100; i < rows.size(); ++i) rows[i].name += std::string(1000, 'x');
  EXPECT_THROW(db->with({.deadline = 300ms}, [&](Session& session) { session.add_all(rows); }), DeadlineExceeded);
  holder.exit(std::make_exception_ptr(std::runtime_error("undo")));
  EXPECT_EQ(count(), 0);
}

TEST_F(PostgresqlLoad, OverALinkThatBreaksIsAConnectionLost) {
  support::Forwarder network(schema.port());
  PostgresqlOptions options = schema.options();
  options.hosts = {{"127.0.0.1", network.port()}};
  const auto broken = support::PostgresqlSchema::open(options);
  auto holder = schema.administrator().get();
  (void)holder.enter().execute("INSERT INTO accounts (name, balance) VALUES ('account 10', 1)");
  const std::jthread cutter([&] {
    EXPECT_TRUE(eventually([&] {
      return !schema.administrator()
                  .execute("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'")
                  .empty();
    }));
    network.cut();
  });
  EXPECT_THROW(broken->with([](Session& session) { session.add_all(make_accounts()); }), ConnectionLost);
  holder.exit(std::make_exception_ptr(std::runtime_error("undo")));
  broken->with([](Session& session) { session.add_all(make_accounts()); });
  EXPECT_EQ(count(), 1000);
}

// As the documents say; whichever way rows take.
TEST_F(PostgresqlLoad, OfRowsWithKeysOfTheirOwnDoesNotMoveTheGeneratedOnesOn) {
  for (const int rows : {3, 1000}) {
    db->execute("TRUNCATE accounts RESTART IDENTITY");
    std::vector<Account> own = make_accounts(rows);
    for (Account& account : own) account.id = account.balance + 1;
    add_all(own);
    EXPECT_THROW(db->with([](Session& session) { session.add(Account{0, "next", 0}); }), UniqueViolation);
    db->execute("SELECT setval(pg_get_serial_sequence('accounts', 'id'), (SELECT max(id) FROM accounts))");
    EXPECT_EQ(db->with([](Session& session) { return session.add(Account{0, "next", 0}).id; }), rows + 1);
  }
}

TEST_F(PostgresqlLoad, MayRunWhileACursorIsRead) { expect_load_beside_a_cursor(*db); }

}  // namespace
}  // namespace core_lib::sql
