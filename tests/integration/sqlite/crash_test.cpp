// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "support/child_process.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {
namespace {

using support::ChildProcess;

/// A transaction stores an order and its lines, in several statements. Its number is the order's key.
constexpr int lines_per_order = 3;

void store(sql::Session& session, std::int64_t number) {
  session.add(Order{number, 1, static_cast<std::int32_t>(number), {}});
  for (int i = 0; i < lines_per_order; ++i) session.add(Line{number, i, std::string(300, 'x')});
}

/// What a process that was killed left behind.
struct Left {
  std::int64_t transactions = 0;
  bool whole = false;  ///< The first so many, each with all of its rows, and nothing else.
};

class SqliteCrashTest : public testing::Test {
 protected:
  SqliteCrashTest() {
    const auto db = open();
    db->create_db<Customer, Order, Line>();
    db->with([](sql::Session& session) { session.add(Customer{1, "ada", {}, true}); });
    db->close(Deadline::in(std::chrono::seconds(10)));
  }

  std::unique_ptr<SqlConnectionRegistry> open() {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver({.file = folder.path() + "/shop.db"}));
  }

  /// Opens the database as after a restart.
  Left look() {
    const auto db = open();
    return db->with([](sql::Session& session) {
      Left left;
      left.transactions = session.query<Order>().count();
      const auto last = session.query<Order>().select(sql::max(orders::id)).one();
      left.whole = last.value_or(0) == left.transactions &&
                   session.query<Line>().count() == left.transactions * lines_per_order &&
                   session.query<Line>().select(lines::order_id).distinct().count() == left.transactions &&
                   session.execute("PRAGMA integrity_check").scalar<std::string>() == "ok";
      return left;
    });
  }

  TemporaryFolder folder;
};

void die() { ::kill(::getpid(), SIGKILL); }

TEST_F(SqliteCrashTest, BetweenStatementsNothingOfTheTransactionStays) {
  ChildProcess child([&](const ChildProcess::Reporter&) {
    const auto db = open();
    db->with([](sql::Session& session) { store(session, 1); });
    db->with([](sql::Session& session) {
      session.add(Order{2, 1, 2, {}});
      session.add(Line{2, 0, "nail"});
      die();
    });
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  const Left left = look();
  EXPECT_EQ(left.transactions, 1);
  EXPECT_TRUE(left.whole);
}

TEST_F(SqliteCrashTest, AtTheEndOfTheBodyNothingOfTheTransactionStays) {
  ChildProcess child([&](const ChildProcess::Reporter&) {
    const auto db = open();
    db->with([](sql::Session& session) { store(session, 1); });
    db->with([](sql::Session& session) {
      store(session, 2);
      die();
    });
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  const Left left = look();
  EXPECT_EQ(left.transactions, 1);
  EXPECT_TRUE(left.whole);
}

// Callbacks run once the commit is acknowledged, and before with() returns.
TEST_F(SqliteCrashTest, BetweenCommitAndReturnAllOfTheTransactionStays) {
  ChildProcess child([&](const ChildProcess::Reporter&) {
    open()->with([](sql::Session& session) {
      store(session, 1);
      session.after_commit(&die);
    });
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  const Left left = look();
  EXPECT_EQ(left.transactions, 1);
  EXPECT_TRUE(left.whole);
}

TEST_F(SqliteCrashTest, RightAfterTheReturnAllOfTheTransactionStays) {
  ChildProcess child([&](const ChildProcess::Reporter&) {
    const auto db = open();
    db->with([](sql::Session& session) { store(session, 1); });
    die();
  });
  EXPECT_EQ(child.wait(), -SIGKILL);
  const Left left = look();
  EXPECT_EQ(left.transactions, 1);
  EXPECT_TRUE(left.whole);
}

// The child tells of each commit after with() has returned. Killed at any moment, what it told is there. One more may
// be: the commit that was done, and of which it could not tell any more. Nothing is there by halves.
TEST_F(SqliteCrashTest, AtAnyMomentWhatWasAcknowledgedStaysAndNothingByHalves) {
  constexpr int rounds = 50;
  std::mt19937 random(20240229);
  std::int64_t before = 0;
  std::int64_t untold = 0;
  for (int round = 0; round < rounds; ++round) {
    ChildProcess child([&](const ChildProcess::Reporter& reporter) {
      const auto db = open();
      // Often, so that some are killed while the log is folded into the file.
      (void)db->execute("PRAGMA wal_autocheckpoint = 8");
      for (std::int64_t number = before + 1;; ++number) {
        db->with([&](sql::Session& session) { store(session, number); });
        reporter.tell({reinterpret_cast<const char*>(&number), sizeof number});
      }
    });
    // Let it do some work, and then a part of the next.
    std::string told;
    const std::size_t transactions = 1 + random() % 20;
    while (told.size() < transactions * sizeof(std::int64_t)) {
      const std::string more = child.read();
      ASSERT_FALSE(more.empty()) << "the child ended by itself";
      told += more;
    }
    const auto moment = std::chrono::steady_clock::now() + std::chrono::microseconds(random() % 2'000);
    while (std::chrono::steady_clock::now() < moment) {
    }
    child.kill();
    told += child.read_all();

    ASSERT_EQ(told.size() % sizeof(std::int64_t), 0U);
    std::int64_t acknowledged = 0;
    std::memcpy(&acknowledged, told.data() + told.size() - sizeof acknowledged, sizeof acknowledged);
    ASSERT_EQ(acknowledged, before + static_cast<std::int64_t>(told.size() / sizeof(std::int64_t)));
    const Left left = look();
    ASSERT_TRUE(left.whole) << "round " << round;
    ASSERT_GE(left.transactions, acknowledged) << "round " << round;
    ASSERT_LE(left.transactions, acknowledged + 1) << "round " << round;
    untold += left.transactions - acknowledged;
    before = left.transactions;
  }
  RecordProperty("committed", std::to_string(before));
  RecordProperty("committed_and_untold", std::to_string(untold));
  EXPECT_GE(before, rounds);
}

}  // namespace
}  // namespace core_lib::shop
