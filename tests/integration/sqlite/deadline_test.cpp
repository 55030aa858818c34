// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <string>

#include <unistd.h>

#include "support/caught.hpp"
#include "support/child_process.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {
namespace {

using namespace std::chrono_literals;
using support::caught;
using support::ChildProcess;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* endless = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) ";

class SqliteDeadlineTest : public testing::Test {
 protected:
  std::unique_ptr<SqlConnectionRegistry> open(std::chrono::milliseconds busy_timeout = 5s) {
    return std::make_unique<SqlConnectionRegistry>(
        sql::make_sqlite_driver({.file = folder.path() + "/shop.db", .busy_timeout = busy_timeout}));
  }
  static void add(sql::Session& session, const char* name) { session.add(Customer{0, name, {}, true}); }
  static std::int64_t count(SqlConnectionRegistry& db) {
    return db.with({.access = read_only}, [](sql::Session& session) { return session.query<Customer>().count(); });
  }

  TemporaryFolder folder;
};

TEST_F(SqliteDeadlineTest, InterruptsAStatementThatRunsTooLong) {
  const auto db = open();
  db->create_db<Customer>();
  const auto error = caught<DeadlineExceeded>([&] {
    return db->with({.deadline = 30ms}, [](sql::Session& session) {
      add(session, "before");
      return session.execute(std::string(endless) + "SELECT COUNT(*) FROM n").scalar<std::int64_t>();
    });
  });
  EXPECT_EQ(error.status_code(), 504);
  EXPECT_EQ(error.native_code(), "SQLITE_INTERRUPT (9)");
  EXPECT_THAT(error.what(), AllOf(HasSubstr("the deadline passed"), HasSubstr("shop.db")));
  EXPECT_EQ(db->pool_statistics()->active, 0U);
  EXPECT_EQ(count(*db), 0);
  db->with([](sql::Session& session) { add(session, "after"); });
  EXPECT_EQ(count(*db), 1);
}

TEST_F(SqliteDeadlineTest, InterruptsRowsThatStreamTooLong) {
  const auto db = open();
  EXPECT_THROW(db->with({.access = read_only, .deadline = 30ms},
                        [](sql::Session& session) {
                          return session.execute(std::string(endless) + "SELECT i FROM n WHERE i % 100000 = 1").size();
                        }),
               DeadlineExceeded);
}

TEST_F(SqliteDeadlineTest, UndoesAnInterruptedWriteWhole) {
  const auto db = open();
  db->create_db<Customer>();
  EXPECT_THROW(db->with({.deadline = 30ms},
                        [](sql::Session& session) {
                          (void)session.execute(std::string(endless) +
                                                "INSERT INTO customers (name, active) SELECT i, 1 FROM n");
                        }),
               DeadlineExceeded);
  EXPECT_EQ(count(*db), 0);
}

TEST_F(SqliteDeadlineTest, PassedBeforeTheCommitRollsBack) {
  const auto db = open();
  db->create_db<Customer>();
  const auto error = caught<DeadlineExceeded>([&] {
    db->with({.deadline = 20ms}, [](sql::Session& session) {
      add(session, "ada");
      const Deadline passed = Deadline::in(25ms);
      while (!passed.expired()) {
      }
    });
    return 0;
  });
  EXPECT_THAT(error.what(),
              AllOf(HasSubstr("passed before its commit; it is rolled back"), HasSubstr("deadline_test.cpp:")));
  EXPECT_EQ(count(*db), 0);
}

TEST_F(SqliteDeadlineTest, ALockOfAnotherRegistryIsWaitedForUntilTheDeadline) {
  const auto holder = open();
  holder->create_db<Customer>();
  const auto db = open();
  auto scope = holder->get(sql::ScopeOptions{});
  add(scope.enter(), "ada");
  const auto error = caught<DeadlineExceeded>(
      [&] { return db->with({.deadline = 30ms}, [](sql::Session& session) { add(session, "grace"); }), 0; });
  EXPECT_EQ(error.status_code(), 504);
  EXPECT_THAT(error.what(), HasSubstr("the deadline passed while another process or scope held the lock"));
  scope.exit(nullptr);
  db->with({.deadline = 10s}, [](sql::Session& session) { add(session, "grace"); });
  EXPECT_EQ(count(*db), 2);
}

TEST_F(SqliteDeadlineTest, WithoutADeadlineALockIsWaitedForUntilTheBusyTimeout) {
  const auto holder = open();
  holder->create_db<Customer>();
  const auto db = open(20ms);
  auto scope = holder->get(sql::ScopeOptions{});
  add(scope.enter(), "ada");
  const auto error = caught<Error>([&] { return db->with([](sql::Session& session) { add(session, "grace"); }), 0; });
  EXPECT_EQ(error.status_code(), 503);
  EXPECT_TRUE(error.is_retryable());
  EXPECT_FALSE(error.breaks_connection());
  EXPECT_EQ(error.native_code(), "SQLITE_BUSY (5)");
  EXPECT_THAT(error.what(), HasSubstr("another process or scope holds the lock: try again, or give it more time"));
  EXPECT_EQ(count(*db), 0);  // readers do not wait
}

TEST_F(SqliteDeadlineTest, ALockOfAnotherProcessIsTheSame) {
  open()->create_db<Customer>();
  ChildProcess child([&](const ChildProcess::Reporter& reporter) {
    const auto holder = open();
    holder->with([&](sql::Session& session) {
      add(session, "never committed");
      reporter.tell("holds");
      for (;;) pause();
    });
  });
  ASSERT_EQ(child.read(), "holds");
  const auto db = open();
  EXPECT_THROW(db->with({.deadline = 30ms}, [](sql::Session& session) { add(session, "grace"); }), DeadlineExceeded);
  child.kill();
  db->with({.deadline = 10s}, [](sql::Session& session) { add(session, "grace"); });
  EXPECT_EQ(count(*db), 1);
}

TEST_F(SqliteDeadlineTest, ABusyDatabaseIsTriedAgainAsOftenAsAskedFor) {
  const auto holder = open();
  holder->create_db<Customer>();
  const auto db = open(1ms);
  auto scope = holder->get(sql::ScopeOptions{});
  add(scope.enter(), "ada");
  int runs = 0;
  db->with({.attempts = 3}, [&](sql::Session& session) {
    if (++runs == 3) scope.exit(nullptr);
    add(session, "grace");
  });
  EXPECT_EQ(runs, 3);
  EXPECT_EQ(count(*db), 2);
}

TEST_F(SqliteDeadlineTest, EndsTheAttemptsToo) {
  const auto db = open();
  int runs = 0;
  EXPECT_THROW(db->with({.attempts = 1'000'000, .deadline = 50ms},
                        [&](sql::Session&) {
                          ++runs;
                          throw Error("again", {.retryable = true});
                        }),
               Error);
  EXPECT_GE(runs, 1);
  EXPECT_LT(runs, 1'000'000);
}

}  // namespace
}  // namespace core_lib::shop
