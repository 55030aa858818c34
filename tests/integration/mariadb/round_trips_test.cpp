// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/forwarder.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

/// Counts on the wire.
class MariadbRoundTrips : public testing::Test {
 protected:
  MariadbRoundTrips() : db(open(Isolation::engine_default)) {
    db->create_db<Account>();
    db->with([](Session& session) { session.add(Account{0, "ada", 10}); });
    network.gather_requests(std::chrono::milliseconds(5));
  }
  std::unique_ptr<SqlConnectionRegistry> open(Isolation isolation) const {
    MariadbOptions options = database.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    options.tls.mode = TlsMode::disable;
    options.isolation = isolation;
    return support::MariadbDatabase::open(options);
  }

  /// Of a work whose statements have been prepared.
  template <class Work>
  void expect_cost(std::uint64_t round_trips, Work work) {
    work();
    const std::uint64_t before = network.round_trips();
    work();
    EXPECT_EQ(network.round_trips() - before, round_trips);
  }

  support::MariadbDatabase database;
  support::Forwarder network{database.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

TEST_F(MariadbRoundTrips, AScopeThatDoesNothingCostsNone) {
  expect_cost(0, [&] { db->with([](Session&) {}); });
}

// Nobody waits for the answer to the end of the transaction; it goes its way alone, or with what comes next.
TEST_F(MariadbRoundTrips, ASingleReadInAReadingScopeCostsOneAndAtMostAFarewell) {
  const auto read = [&] {
    db->with({.access = read_only}, [](Session& session) { EXPECT_TRUE(session.query<Account>().get(1)); });
  };
  read();
  const std::uint64_t before = network.round_trips();
  for (int i = 0; i < 10; ++i) read();
  EXPECT_GE(network.round_trips() - before, 10U);
  EXPECT_LE(network.round_trips() - before, 21U);
}

TEST_F(MariadbRoundTrips, ASingleReadCostsOneWhereEachStatementSeesTheNewest) {
  const auto committed = open(Isolation::read_committed);
  expect_cost(1, [&] {
    committed->with({.access = read_only}, [](Session& session) { EXPECT_TRUE(session.query<Account>().get(1)); });
  });
}

TEST_F(MariadbRoundTrips, AStatementOfTheRegistryCostsOne) {
  expect_cost(1, [&] { db->execute("UPDATE accounts SET balance = ? WHERE id = ?", 20, 1); });
}

TEST_F(MariadbRoundTrips, AScopeWithOneWriteCostsTwo) {
  expect_cost(2, [&] {
    db->with([](Session& session) {
      EXPECT_EQ(session.query<Account>().filter(accounts::id == 1).update(accounts::balance = 30), 1U);
    });
  });
}

TEST_F(MariadbRoundTrips, AGeneratedKeyCostsNoMore) {
  int number = 0;
  expect_cost(2, [&] {
    db->with([&](Session& session) { EXPECT_NE(session.add(Account{0, std::to_string(++number), 0}).id, 0); });
  });
}

TEST_F(MariadbRoundTrips, AnotherIsolationCostsNoMore) {
  expect_cost(2, [&] {
    db->with({.isolation = Isolation::serializable}, [](Session& session) {
      EXPECT_EQ(session.query<Account>().filter(accounts::id == 1).update(accounts::balance = 30), 1U);
    });
  });
}

TEST_F(MariadbRoundTrips, ARollbackCostsOne) {
  expect_cost(2, [&] {
    EXPECT_THROW(db->with([](Session& session) {
      (void)session.query<Account>().get(1);
      throw std::runtime_error("body");
    }),
                 std::runtime_error);
  });
}

TEST_F(MariadbRoundTrips, AddingManyCostsOneForEachStatement) {
  std::vector<Account> many(128);
  int number = 0;
  expect_cost(2, [&] {
    for (Account& account : many) account = {0, "many " + std::to_string(++number), 0};
    db->with([&](Session& session) { session.add_all(many); });
  });
}

}  // namespace
}  // namespace core_lib::sql
