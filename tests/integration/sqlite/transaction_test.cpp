// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {
namespace {

using namespace std::chrono_literals;
using support::caught;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// What every engine has to keep about commits is in tests/contract/sql_contract.hpp; this is what goes beyond.
class SqliteTransactionTest : public ShopTest {
 protected:
  static void add(sql::Session& session, const std::string& name) { session.add(Customer{0, name, {}, true}); }
  std::vector<std::string> names() {
    return db.with([](sql::Session& session) {
      return session.query<Customer>().order_by(customers::name).select(customers::name).all();
    });
  }
};

TEST_F(SqliteTransactionTest, TextThatBeginsOrEndsATransactionIsRefusedAndNothingIsStored) {
  for (const char* sql : {"COMMIT", "END", "ROLLBACK", "/* x */ commit", "BEGIN", "SAVEPOINT mine", "RELEASE mine"}) {
    const auto error = caught<UsageError>([&] {
      return db.with([&](sql::Session& session) {
        add(session, "ada");
        return session.execute(sql);
      });
    });
    EXPECT_THAT(error.what(), HasSubstr("call commit(), rollback() or savepoint()")) << sql;
    EXPECT_THAT(names(), IsEmpty()) << sql;
  }
}

TEST_F(SqliteTransactionTest, SwallowingThatRefusalFailsTheCommit) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    add(session, "ada");
    EXPECT_THROW((void)session.execute("COMMIT"), UsageError);
  }),
               TransactionAborted);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, AnErrorThatMadeSqliteRollBackFailsTheCommit) {
  const auto error = caught<TransactionAborted>([&] {
    db.with([](sql::Session& session) {
      add(session, "ada");
      EXPECT_THROW((void)session.execute("INSERT OR ROLLBACK INTO customers (name, active) VALUES ('ada', 1)"),
                   UniqueViolation);
    });
    return 0;
  });
  EXPECT_THROW(std::rethrow_exception(error.cause()), UniqueViolation);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, ASavepointCannotHideThatSqliteRolledBackEverything) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    add(session, "ada");
    EXPECT_THROW(session.savepoint([&] {
      (void)session.execute("INSERT OR ROLLBACK INTO customers (name, active) VALUES ('ada', 1)");
    }),
                 UniqueViolation);
    add(session, "grace");
  }),
               TransactionAborted);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, RollbackInsideASavepointIsRefused) {
  EXPECT_THAT(caught<UsageError>([&] {
                db.with([](sql::Session& session) {
                  add(session, "ada");
                  session.savepoint([&] { session.rollback(); });
                });
                return 0;
              }).what(),
              HasSubstr("let an exception leave its body"));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, SavepointsNestAsDeepAsTheyLike) {
  db.with([](sql::Session& session) {
    std::vector<std::string> expected;
    const auto nest = [&](auto& self, int depth) -> void {
      if (depth == 0) return;
      session.savepoint([&] {
        add(session, "at " + std::to_string(depth));
        self(self, depth - 1);
      });
    };
    nest(nest, 20);
    EXPECT_THROW(session.savepoint([&] {
      nest(nest, 3);
      throw std::runtime_error("all of it goes");
    }),
                 UniqueViolation);  // "at 3" is there
  });
  EXPECT_EQ(names().size(), 20U);
}

TEST_F(SqliteTransactionTest, AFailedCommitInTheMiddleIsNotForgotten) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    (void)session.execute("PRAGMA defer_foreign_keys = ON");
    session.add(Order{0, 4711, 1, {}});
    EXPECT_THROW(session.commit(), CommitFailed);
    EXPECT_THROW(add(session, "what follows"), TransactionAborted);
  }),
               TransactionAborted);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, RollbackAfterAFailedCommitBeginsAnew) {
  db.with([](sql::Session& session) {
    (void)session.execute("PRAGMA defer_foreign_keys = ON");
    session.add(Order{0, 4711, 1, {}});
    EXPECT_THROW(session.commit(), CommitFailed);
    session.rollback();
    add(session, "what follows");
  });
  EXPECT_THAT(names(), ElementsAre("what follows"));
}

TEST_F(SqliteTransactionTest, CommitAfterRollbackOnlyIsRefused) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    add(session, "ada");
    session.rollback_only();
    session.commit();
  }),
               UsageError);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(SqliteTransactionTest, RollbackOnlyDoesNotHideAnError) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    session.rollback_only();
    EXPECT_THROW((void)session.execute("SELECT FROM"), SyntaxError);
  }),
               TransactionAborted);
}

TEST_F(SqliteTransactionTest, CallbacksMayOpenScopesOfTheirOwn) {
  db.with([&](sql::Session& session) {
    add(session, "ada");
    session.after_commit([&] { db.with([](sql::Session& next) { add(next, "seen"); }); });
  });
  EXPECT_THAT(names(), ElementsAre("ada", "seen"));
}

TEST_F(SqliteTransactionTest, ACallbackCannotUseTheSessionThatHasEnded) {
  db.with([&](sql::Session& session) {
    add(session, "ada");
    session.after_commit([&] { add(session, "too late"); });
  });
  EXPECT_THAT(names(), ElementsAre("ada"));
  EXPECT_EQ(logger->count(LogLevel::error, "after_commit() failed, the commit stands: the session's scope"), 1U);
  EXPECT_EQ(db.pool_statistics()->active, 0U);
}

TEST_F(SqliteTransactionTest, CallbacksOfWorkThatWasRolledBackAreForgotten) {
  std::vector<std::string> seen;
  db.with([&](sql::Session& session) {
    add(session, "ada");
    session.after_commit([&] { seen.push_back("ada"); });
    session.rollback();
    add(session, "grace");
    session.after_commit([&] { seen.push_back("grace"); });
    session.commit();
    EXPECT_THAT(seen, ElementsAre("grace"));
  });
  EXPECT_THAT(seen, ElementsAre("grace"));
}

TEST_F(SqliteTransactionTest, AScopeWithoutAStatementTakesNoConnection) {
  const auto before = db.pool_statistics()->acquired;
  int ran = 0;
  db.with([&](sql::Session& session) {
    EXPECT_FALSE(session.in_transaction());
    session.after_commit([&] { ++ran; });
  });
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(db.pool_statistics()->acquired, before);
}

TEST_F(SqliteTransactionTest, ADatabaseInMemoryOutlivesEveryKindOfFailure) {
  db.with([](sql::Session& session) { add(session, "kept"); });
  EXPECT_THROW(db.with([](sql::Session& session) { (void)session.execute("SELECT FROM"); }), SyntaxError);
  EXPECT_THROW(db.with({.deadline = 0ms}, [](sql::Session& session) { add(session, "x"); }), DeadlineExceeded);
  EXPECT_THROW(db.with([](sql::Session& session) { add(session, "kept"); }), UniqueViolation);
  {
    db.get().enter().add(Customer{0, "dropped", {}, true});
  }
  EXPECT_THROW(db.with({.deadline = 20ms},
                       [](sql::Session& session) {
                         (void)session.execute(
                             "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) "
                             "INSERT INTO customers (name, active) SELECT i, 1 FROM n");
                       }),
               DeadlineExceeded);
  EXPECT_TRUE(db.ping(Deadline::in(5s)).healthy);
  EXPECT_THAT(names(), ElementsAre("kept"));
}

TEST_F(SqliteTransactionTest, AReadingScopeLeavesNothingBehindForTheNextStatement) {
  (void)db.with({.access = read_only}, [](sql::Session& session) { return session.query<Customer>().count(); });
  (void)db.execute("INSERT INTO customers (name, active) VALUES (?, ?)", "ada", true);
  EXPECT_THAT(names(), ElementsAre("ada"));
}

TEST_F(SqliteTransactionTest, AReadingScopeSaysThatItDoesNotWrite) {
  const auto error = caught<Error>(
      [&] { return db.with({.access = read_only}, [](sql::Session& session) { add(session, "secret"); }), 0; });
  EXPECT_EQ(error.status_code(), 403);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("the scope is read-only"), Not(HasSubstr("secret"))));
}

TEST_F(SqliteTransactionTest, EveryIsolationIsAtLeastWhatWasAskedFor) {
  for (const Isolation isolation :
       {Isolation::engine_default, Isolation::read_committed, Isolation::repeatable_read, Isolation::serializable}) {
    db.with({.isolation = isolation}, [](sql::Session& session) { (void)session.query<Customer>().count(); });
  }
}

TEST_F(SqliteTransactionTest, AnAbandonedScopeIsToldWithItsPlace) {
  {
    auto connection = db.get(sql::ScopeOptions{});
    add(connection.enter(), "ada");
  }
  EXPECT_EQ(logger->count(LogLevel::warning, "transaction_test.cpp:"), 1U);
  EXPECT_THAT(names(), IsEmpty());
}

TEST(SqliteIsolationTest, AReaderSeesTheDatabaseAsItWasAtItsFirstQuestion) {
  const TemporaryFolder folder;
  SqlConnectionRegistry db(sql::make_sqlite_driver({.file = folder.path() + "/shop.db"}));
  db.create_db<Customer>();
  db.with({.access = read_only}, [&](sql::Session& reader) {
    EXPECT_EQ(reader.query<Customer>().count(), 0);
    db.with([](sql::Session& writer) { writer.add(Customer{0, "ada", {}, true}); });
    EXPECT_EQ(reader.query<Customer>().count(), 0);
    reader.commit();
    EXPECT_EQ(reader.query<Customer>().count(), 1);
  });
}

}  // namespace
}  // namespace core_lib::shop
