// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {
namespace {

using namespace std::chrono_literals;
using support::caught;
using support::eventually;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

/// Runs `work(number)` in so many threads at the same time; what one throws is thrown here.
template <class Work>
void in_threads(int count, Work work) {
  std::vector<std::exception_ptr> failures(static_cast<std::size_t>(count));
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      try {
        work(i);
      } catch (...) {
        failures[static_cast<std::size_t>(i)] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void set_up(SqlConnectionRegistry& db) {
  db.create_db<Customer, Order>();
  db.with([](sql::Session& session) {
    session.add(Customer{1, "ada", {}, true});
    session.add(Order{1, 1, 1'000, {}});
    session.add(Order{2, 1, 0, {}});
  });
}

class SqliteConcurrencyTest : public testing::Test {
 protected:
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    auto db = std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver({.file = folder.path() + "/shop.db"}),
                                                      std::move(options));
    set_up(*db);
    return db;
  }

  TemporaryFolder folder;
};

TEST_F(SqliteConcurrencyTest, ReadersSeeWholeTransactionsWhileAWriterWorks) {
  const auto db = open();
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  in_threads(4, [&](int number) {
    if (number == 0) {
      for (int i = 0; i < 200; ++i) {
        db->with([](sql::Session& session) {
          session.query<Order>().filter(orders::id == 1).update(orders::total = orders::total - 1);
          session.query<Order>().filter(orders::id == 2).update(orders::total = orders::total + 1);
        });
      }
      EXPECT_TRUE(eventually([&] { return reads > 10; }));
      done = true;
      return;
    }
    while (!done) {
      const auto sum = db->with({.access = read_only}, [](sql::Session& session) {
        return session.query<Order>().select(sql::sum(orders::total)).one();
      });
      ASSERT_EQ(sum, 1'000);
      ++reads;
    }
  });
  EXPECT_EQ(db->with([](sql::Session& session) { return session.query<Order>().get_one(2).total; }), 200);
}

TEST_F(SqliteConcurrencyTest, AReaderDoesNotWaitForAWriterThatIsInTheMiddle) {
  const auto db = open();
  db->with([&](sql::Session& session) {
    session.query<Order>().filter(orders::id == 1).update(orders::total = 0);
    in_threads(1, [&](int) {
      EXPECT_EQ(
          db->with({.access = read_only}, [](sql::Session& reader) { return reader.query<Order>().get_one(1).total; }),
          1'000);
    });
  });
}

TEST_F(SqliteConcurrencyTest, WritersTakeTurnsAndLoseNothing) {
  const auto db = open();
  in_threads(4, [&](int) {
    for (int i = 0; i < 50; ++i) {
      db->with([](sql::Session& session) {
        const Order order = session.query<Order>().get_one(2);  // read, then write: never from an old state
        session.save(Order{2, 1, order.total + 1, {}});
      });
    }
  });
  EXPECT_EQ(db->with([](sql::Session& session) { return session.query<Order>().get_one(2).total; }), 200);
}

TEST_F(SqliteConcurrencyTest, WritersOfTwoRegistriesTakeTurnsToo) {
  const auto first = open();
  SqlConnectionRegistry second(sql::make_sqlite_driver({.file = folder.path() + "/shop.db"}));
  in_threads(2, [&](int number) {
    SqlConnectionRegistry& db = number == 0 ? *first : second;
    for (int i = 0; i < 50; ++i) {
      db.with([](sql::Session& session) {
        session.query<Order>().filter(orders::id == 2).update(orders::total = orders::total + 1);
      });
    }
  });
  EXPECT_EQ(first->with([](sql::Session& session) { return session.query<Order>().get_one(2).total; }), 100);
}

TEST(SqliteMemoryTest, AllScopesOfARegistryShareOneDatabaseAndTakeTurns) {
  SqlConnectionRegistry db(sql::make_sqlite_driver());
  set_up(db);
  in_threads(4, [&](int number) {
    for (int i = 0; i < 50; ++i) {
      db.with({.access = number % 2 == 0 ? Access::read_write : Access::read_only}, [&](sql::Session& session) {
        const Order order = session.query<Order>().get_one(2);
        if (number % 2 == 0) session.save(Order{2, 1, order.total + 1, {}});
        ASSERT_EQ(session.query<Order>().get_one(2).total, order.total + (number % 2 == 0 ? 1 : 0));
      });
    }
  });
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Order>().get_one(2).total; }), 100);
}

TEST(SqliteMemoryTest, TwoRegistriesShareNothing) {
  SqlConnectionRegistry first(sql::make_sqlite_driver());
  SqlConnectionRegistry second(sql::make_sqlite_driver({.file = ":memory:"}));
  set_up(first);
  EXPECT_EQ(second.execute("SELECT COUNT(*) FROM sqlite_schema").scalar<int>(), 0);
}

TEST(SqliteSessionThreadsTest, ASecondThreadIsRefusedWhileTheFirstReads) {
  SqlConnectionRegistry db(sql::make_sqlite_driver());
  set_up(db);
  db.with([&](sql::Session& session) {
    auto cursor = session.query<Order>().stream();
    auto row = cursor.begin();
    in_threads(1, [&](int) {
      const auto error = caught<UsageError>([&] { return session.query<Order>().count(); });
      EXPECT_THAT(error.what(), HasSubstr("used by two threads at a time; give each thread a scope of its own"));
      EXPECT_THROW(session.add(Order{0, 1, 1, {}}), UsageError);
      EXPECT_THROW(session.commit(), UsageError);
      EXPECT_THROW(session.rollback(), UsageError);
    });
    EXPECT_EQ(row->id, 1);
    EXPECT_EQ((++row)->id, 2);
  });
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Order>().count(); }), 2);
}

TEST(SqliteSessionThreadsTest, ThreadsThatRaceForASessionAreServedOrRefused) {
  SqlConnectionRegistry db(sql::make_sqlite_driver());
  set_up(db);
  std::atomic<int> stored{0};
  std::atomic<int> refused{0};
  db.with([&](sql::Session& session) {
    in_threads(3, [&](int) {
      for (int i = 0; i < 100; ++i) {
        try {
          const Order order{0, 1, 1, {}};
          session.add(order);
          ++stored;
        } catch (const UsageError&) {
          ++refused;
        }
      }
    });
  });
  EXPECT_EQ(stored + refused, 300);
  EXPECT_GE(stored, 1);
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Order>().count(); }), 2 + stored);
}

TEST(SqliteSessionThreadsTest, ASessionMayGoFromOneThreadToAnother) {
  SqlConnectionRegistry db(sql::make_sqlite_driver());
  set_up(db);
  db.with([&](sql::Session& session) {
    session.add(Order{0, 1, 1, {}});
    in_threads(1, [&](int) { session.add(Order{0, 1, 1, {}}); });
    session.add(Order{0, 1, 1, {}});
  });
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Order>().count(); }), 5);
}

TEST_F(SqliteConcurrencyTest, AnExhaustedPoolTellsWhoHoldsItForHowLong) {
  const auto db = open({.pool = {.name = "shop", .acquire_timeout = 20ms}});
  db->with([&](sql::Session& session) {
    session.add(Order{0, 1, 1, {}});
    in_threads(1, [&](int) {
      const auto error = caught<PoolTimeout>(
          [&] { return db->with([](sql::Session& waiting) { waiting.add(Order{0, 1, 1, {}}); }), 0; });
      EXPECT_EQ(error.status_code(), 503);
      EXPECT_THAT(error.what(), AllOf(HasSubstr("pool 'shop'"), HasSubstr("1 of at most 1 in use"),
                                      ContainsRegex("held longest: .*concurrency_test.cpp:[0-9]+ \\(thread [0-9]+, "
                                                    "for [0-9.]+ s\\)")));
      EXPECT_EQ(db->with({.access = read_only}, [](sql::Session& reader) { return reader.query<Order>().count(); }), 2);
    });
  });
  EXPECT_EQ(db->with([](sql::Session& session) { return session.query<Order>().count(); }), 3);
}

TEST_F(SqliteConcurrencyTest, ADeadlineEndsTheWaitForAConnection) {
  const auto db = open();
  db->with([&](sql::Session& session) {
    session.add(Order{0, 1, 1, {}});
    in_threads(1, [&](int) {
      EXPECT_THROW(db->with({.deadline = 20ms}, [](sql::Session& waiting) { waiting.add(Order{0, 1, 1, {}}); }),
                   PoolTimeout);
    });
  });
  EXPECT_EQ(db->pool_statistics()->waiting, 0U);
}

TEST_F(SqliteConcurrencyTest, CloseWhileInUseNamesTheHolderAndLetsItFinish) {
  const auto db = open();
  std::atomic<bool> holds{false};
  std::atomic<bool> may_end{false};
  std::thread holder([&] {
    db->with([&](sql::Session& session) {
      session.add(Order{0, 1, 1, {}});
      holds = true;
      EXPECT_TRUE(eventually([&] { return may_end.load(); }));
    });
  });
  EXPECT_TRUE(eventually([&] { return holds.load(); }));
  const auto error = caught<DeadlineExceeded>([&] { return db->close(Deadline::in(20ms)), 0; });
  EXPECT_EQ(error.status_code(), 504);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("1 in use"), ContainsRegex("held longest: .*concurrency_test.cpp:[0-9]+")));
  EXPECT_THROW(db->with([](sql::Session&) {}), UsageError);
  may_end = true;
  holder.join();
  SqlConnectionRegistry again(sql::make_sqlite_driver({.file = folder.path() + "/shop.db"}));
  EXPECT_EQ(again.with([](sql::Session& session) { return session.query<Order>().count(); }), 3);
}

TEST_F(SqliteConcurrencyTest, CloseInsideAScopeOfItsOwnIsRefused) {
  const auto db = open();
  EXPECT_THAT(caught<UsageError>([&] {
                db->with([&](sql::Session& session) {
                  session.add(Order{0, 1, 1, {}});
                  db->close(Deadline::never());
                });
                return 0;
              }).what(),
              HasSubstr("close() would wait forever for connections that its own thread holds"));
}

}  // namespace
}  // namespace core_lib::shop
