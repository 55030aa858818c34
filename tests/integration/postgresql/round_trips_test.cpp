// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <stdexcept>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

/// Counts on the wire.
class PostgresqlRoundTrips : public testing::Test {
 protected:
  PostgresqlRoundTrips() {
    options = schema.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    options.tls.mode = TlsMode::disable;
    db = support::PostgresqlSchema::open(options);
    db->create_db<Account>();
    db->with([](Session& session) { session.add(Account{0, "ada", 10}); });
    network.gather_requests(std::chrono::milliseconds(5));
  }

  /// The first run prepares its statements, the second has them: they cost the same.
  template <class Work>
  void expect_cost(std::uint64_t round_trips, Work work) {
    for (const char* const run : {"first", "second"}) {
      const std::uint64_t before = network.round_trips();
      work();
      EXPECT_EQ(network.round_trips() - before, round_trips) << run;
    }
  }

  support::PostgresqlSchema schema;
  support::Forwarder network{static_cast<std::uint16_t>(std::stoi(schema.server()["port"]))};
  PostgresqlOptions options;
  std::unique_ptr<SqlConnectionRegistry> db;
};

TEST_F(PostgresqlRoundTrips, AScopeThatDoesNothingCostsNone) {
  expect_cost(0, [&] { db->with([](Session&) {}); });
}

TEST_F(PostgresqlRoundTrips, ASingleReadInAReadingScopeCostsOne) {
  expect_cost(1, [&] {
    db->with({.access = read_only}, [](Session& session) { EXPECT_TRUE(session.query<Account>().get(1)); });
  });
}

TEST_F(PostgresqlRoundTrips, TwoReadsInAReadingScopeCostThree) {
  expect_cost(3, [&] {
    db->with({.access = read_only}, [](Session& session) {
      EXPECT_TRUE(session.query<Account>().get(1));
      EXPECT_EQ(session.query<Account>().count(), 1);
    });
  });
}

TEST_F(PostgresqlRoundTrips, AStatementOfTheRegistryCostsOne) {
  expect_cost(1, [&] { db->execute("UPDATE accounts SET balance = $1 WHERE id = $2", 20, 1); });
}

TEST_F(PostgresqlRoundTrips, AScopeWithOneWriteCostsTwo) {
  expect_cost(2, [&] {
    db->with([](Session& session) {
      EXPECT_EQ(session.query<Account>().filter(accounts::id == 1).update(accounts::balance = 30), 1U);
    });
  });
}

TEST_F(PostgresqlRoundTrips, ToKnowTheTransactionOfAnUnknownCommitCostsNoMore) {
  options.resolve_unknown_commits = true;
  const auto resolving = support::PostgresqlSchema::open(options);
  expect_cost(3, [&] {
    resolving->with([](Session& session) {
      EXPECT_EQ(session.query<Account>().filter(accounts::id == 1).update(accounts::balance = 30), 1U);
      EXPECT_EQ(session.query<Account>().get_one(1).balance, 30);
    });
  });
}

TEST_F(PostgresqlRoundTrips, AGeneratedKeyCostsNoMore) {
  int number = 0;
  expect_cost(2, [&] {
    db->with([&](Session& session) { EXPECT_NE(session.add(Account{0, std::to_string(++number), 0}).id, 0); });
  });
}

TEST_F(PostgresqlRoundTrips, AnotherIsolationCostsNoMore) {
  expect_cost(2, [&] {
    db->with({.isolation = Isolation::serializable}, [](Session& session) {
      EXPECT_EQ(session.execute("SHOW transaction_isolation").scalar<std::string>(), "serializable");
    });
  });
}

TEST_F(PostgresqlRoundTrips, ARollbackCostsOne) {
  expect_cost(2, [&] {
    EXPECT_THROW(db->with([](Session& session) {
      (void)session.query<Account>().get(1);
      throw std::runtime_error("body");
    }),
                 std::runtime_error);
  });
}

TEST_F(PostgresqlRoundTrips, AShortStreamCostsOneAndItsEndNone) {
  expect_cost(3, [&] {
    db->with([](Session& session) {
      for (const Account& account : session.query<Account>().stream()) EXPECT_EQ(account.name, "ada");
      EXPECT_EQ(session.query<Account>().count(), 1);
    });
  });
}

TEST_F(PostgresqlRoundTrips, AddingManyCostsOneForEachStatement) {
  std::vector<Account> many(128);
  int number = 0;
  expect_cost(2, [&] {
    for (Account& account : many) account = {0, "many " + std::to_string(++number), 0};
    db->with([&](Session& session) { session.add_all(many); });
  });
}

TEST_F(PostgresqlRoundTrips, ABatchCostsOneHoweverManyStatementsItHas) {
  for (const int statements : {2, 50}) {
    expect_cost(2, [&] {
      Batch batch;
      for (int i = 0; i < statements; ++i) {
        batch.add("UPDATE accounts SET balance = balance + $1 WHERE id = $2", i, 1);
        batch.add("SELECT balance, $1::text FROM accounts WHERE id = 1", std::to_string(i));
      }
      const std::vector<Result> results = db->with([&](Session& session) { return session.execute(batch); });
      ASSERT_EQ(results.size(), batch.size());
      EXPECT_EQ(results[2].rows_matched(), 1U);
      EXPECT_EQ(results.back()[0].get<std::string>(1U), std::to_string(statements - 1));
    });
  }
}

TEST_F(PostgresqlRoundTrips, AStatementThatMadeRoomIsDeallocatedOnTheWay) {
  const auto prepared = [&] { return db->execute("SELECT count(*) FROM pg_prepared_statements").scalar<int>(); };
  for (int i = 0; i < 300; ++i) db->execute("SELECT " + std::to_string(i));
  EXPECT_LE(prepared(), 260);
  int number = 1000;
  expect_cost(1, [&] { db->execute("SELECT " + std::to_string(++number)); });
}

}  // namespace
}  // namespace core_lib::sql
