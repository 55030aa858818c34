// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <barrier>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::eventually;
using testing::HasSubstr;
using testing::StartsWith;

class MariadbCommit : public testing::Test {
 protected:
  MariadbCommit() {
    MariadbOptions options = database.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    db = support::MariadbDatabase::open(options);
    db->create_db<Account>();
    db->with([](Session& session) { session.add_all(std::vector<Account>{{0, "ada", 100}, {0, "grace", 100}}); });
  }

  /// As somebody else sees it.
  std::int64_t balance(const std::string& name) {
    return database.administrator().execute("SELECT balance FROM accounts WHERE name = ?", name).scalar<std::int64_t>();
  }
  static void set_balance(Session& session, std::int64_t balance) {
    session.query<Account>().filter(accounts::name == "ada").update(accounts::balance = balance);
  }
  std::unique_ptr<driver::Connection> connect() const {
    return make_mariadb_driver(database.options())->connect(Access::read_write, Deadline::in(10s));
  }
  static void run(driver::Connection& connection, std::string_view sql) {
    (void)connection.prepare(sql)->execute({}, driver::Fetching::at_once);
  }

  support::MariadbDatabase database;
  support::Forwarder network{database.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

TEST_F(MariadbCommit, IsNotDoneWhereTheConnectionIsLostBefore) {
  const auto connection = connect();
  connection->begin({});
  run(*connection, "UPDATE accounts SET balance = 1");
  network.cut();
  const std::int64_t id =
      database.administrator()
          .execute("SELECT MAX(id) FROM information_schema.processlist WHERE db = ?", database.name())
          .scalar<std::int64_t>();
  database.kill(id);
  ASSERT_TRUE(eventually([&] { return !connection->is_usable(); }));
  // Whether the server had seen it cannot always be told; stored it is not.
  EXPECT_THROW(connection->commit(), Error);
  EXPECT_EQ(balance("ada"), 100);
}

TEST_F(MariadbCommit, ADeadlockInsideASavepointEndsTheWholeTransaction) {
  std::barrier both_hold_one(2);
  std::atomic<int> failures = 0;
  const auto move = [&](const char* from, const char* to) {
    try {
      db->with([&](Session& session) {
        session.query<Account>().filter(accounts::name == from).update(accounts::balance = accounts::balance - 10);
        both_hold_one.arrive_and_wait();
        try {
          session.savepoint([&] {
            session.query<Account>().filter(accounts::name == to).update(accounts::balance = accounts::balance + 10);
          });
        } catch (const Error& error) {
          EXPECT_THAT(error.native_code(), StartsWith("1213"));
        }
      });
    } catch (const TransactionAborted&) {
      ++failures;
    }
  };
  {
    const std::jthread one([&] { move("ada", "grace"); });
    const std::jthread other([&] { move("grace", "ada"); });
  }
  EXPECT_EQ(failures, 1);
  EXPECT_EQ(balance("ada") + balance("grace"), 200);
}

TEST_F(MariadbCommit, ALockWaitThatTheServerEndsIsWorthAnotherTry) {
  db->with([&](Session& holder) {
    set_balance(holder, 2);
    try {
      db->with([](Session& session) {
        (void)session.execute("SET SESSION innodb_lock_wait_timeout = 1");
        set_balance(session, 3);
      });
      FAIL() << "two hold one lock";
    } catch (const Error& error) {
      EXPECT_TRUE(error.is_retryable());
      EXPECT_THAT(error.native_code(), StartsWith("1205"));
      EXPECT_THAT(error.what(), HasSubstr("innodb_lock_wait_timeout"));
    }
  });
  EXPECT_EQ(balance("ada"), 2);
}

TEST_F(MariadbCommit, StoresWhatADefinitionOfATableHadCommittedAndSaysSoWhereItCannotUndoIt) {
  db->with([](Session& session) {
    set_balance(session, 1);
    (void)session.execute("CREATE TABLE one (id INT)");
    session.query<Account>().filter(accounts::name == "grace").update(accounts::balance = 2);
  });
  EXPECT_EQ(balance("ada"), 1);
  EXPECT_EQ(balance("grace"), 2);
  try {
    db->with([](Session& session) {
      set_balance(session, 3);
      (void)session.execute("CREATE TABLE two (id INT)");
      session.query<Account>().filter(accounts::name == "grace").update(accounts::balance = 4);
      throw NotFoundError("body");
    });
    FAIL() << "nothing was thrown";
  } catch (const NotFoundError& error) {
    ASSERT_EQ(error.suppressed().size(), 1U);
    EXPECT_THAT(error.suppressed()[0], HasSubstr("committed by itself"));
  }
  EXPECT_EQ(balance("ada"), 3);
  EXPECT_EQ(balance("grace"), 2);
}

// A session refuses such a statement; a procedure may still contain one.
TEST_F(MariadbCommit, OfAProcedureIsNotTakenForOurs) {
  database.administrator().execute("CREATE PROCEDURE end_it() BEGIN UPDATE accounts SET balance = 9; COMMIT; END");
  try {
    db->with([](Session& session) {
      (void)session.execute("CALL end_it()");
      set_balance(session, 5);
      throw NotFoundError("body");
    });
    FAIL() << "nothing was thrown";
  } catch (const NotFoundError&) {
  }
  EXPECT_EQ(balance("ada"), 9);
}

TEST_F(MariadbCommit, AutocommitCannotBeSwitchedOnBehindIt) {
  EXPECT_THROW(db->with([](Session& session) {
    (void)session.execute("SET autocommit = 1");
    set_balance(session, 5);
  }),
               UsageError);
  EXPECT_EQ(balance("ada"), 100);
}

TEST_F(MariadbCommit, ReadingAndWritingScopesAndStatementsMayTakeTurnsOnOneConnection) {
  for (int i = 1; i <= 3; ++i) {
    db->execute("UPDATE accounts SET balance = balance + 1 WHERE name = 'ada'");
    EXPECT_THROW(db->with([](Session& session) {
      set_balance(session, 0);
      throw std::runtime_error("body");
    }),
                 std::runtime_error);
    db->with({.access = read_only}, [&](Session& session) {
      EXPECT_EQ(session.query<Account>().filter(accounts::name == "ada").one().balance, 100 + 2 * i - 1);
    });
    db->with([](Session& session) {
      session.query<Account>().filter(accounts::name == "ada").update(accounts::balance = accounts::balance + 1);
    });
    EXPECT_EQ(balance("ada"), 100 + 2 * i);
  }
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
}

TEST_F(MariadbCommit, AReadingScopeBehindAnotherHasNothingToSet) {
  const auto settings = [&] {
    return db->with({.access = read_only}, [](Session& session) {
      return session.execute("SHOW SESSION STATUS LIKE 'Com_set_option'")[0].get<std::string>("Value");
    });
  };
  const std::string first = settings();
  EXPECT_EQ(settings(), first);
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
}

TEST_F(MariadbCommit, AReadingScopeSeesOneMomentAndTheNextAnother) {
  db->with({.access = read_only}, [&](Session& session) {
    const auto seen = [&] { return session.query<Account>().filter(accounts::name == "ada").one().balance; };
    EXPECT_EQ(seen(), 100);
    database.administrator().execute("UPDATE accounts SET balance = 1");
    EXPECT_EQ(seen(), 100);
  });
  db->with({.access = read_only}, [&](Session& session) {
    EXPECT_EQ(session.query<Account>().filter(accounts::name == "ada").one().balance, 1);
  });
}

}  // namespace
}  // namespace core_lib::sql
