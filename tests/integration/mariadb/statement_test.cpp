// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/caught.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using support::caught;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MariadbStatements : public testing::Test {
 protected:
  MariadbStatements() { db->create_db<Account>(); }

  support::MariadbDatabase database;
  std::unique_ptr<SqlConnectionRegistry> db = database.open();
};

TEST_F(MariadbStatements, ThatTheServerDoesNotPrepareRunAsText) {
  EXPECT_NO_THROW(db->execute("PREPARE mine FROM 'SELECT 1'"));
  db->with([](Session& session) {
    (void)session.execute("PREPARE other FROM 'SELECT 2'");
    session.add(Account{0, "ada", 1});
  });
  EXPECT_EQ(db->with([](Session& session) { return session.query<Account>().count(); }), 1);
}

TEST_F(MariadbStatements, ThatInsertKnowTheKeyWhoeverMakesIt) {
  const auto add = [&](const char* name) {
    const std::int64_t told = db->with([&](Session& session) { return session.add(Account{0, name, 1}).id; });
    EXPECT_EQ(told, db->execute("SELECT id FROM accounts WHERE name = ?", name).scalar<std::int64_t>()) << name;
    return told;
  };
  add("by the column");
  add("by the column again");

  auto& administrator = database.administrator();
  administrator.execute("CREATE TRIGGER far BEFORE INSERT ON accounts FOR EACH ROW SET NEW.id = NEW.id + 1000000");
  EXPECT_GE(add("by a trigger"), 1000000);
  administrator.execute("DROP TRIGGER far");

  constexpr const char* insert = "INSERT INTO accounts (name, balance) VALUES (?, ?) RETURNING `id`";
  for (const char* name : {"alone", "alone again"}) {
    EXPECT_NE(db->execute(insert, name, 1).scalar<std::int64_t>(), 0);
  }

  administrator.execute("CREATE SEQUENCE numbers START WITH 5000");
  administrator.execute("ALTER TABLE accounts MODIFY id BIGINT NOT NULL DEFAULT NEXTVAL(numbers)");
  try {
    add("by nobody");
    FAIL() << "the column made the key no more";
  } catch (const core_lib::Error& error) {
    EXPECT_TRUE(error.is_retryable()) << error.what();
  }
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM accounts WHERE name = 'by nobody'").scalar<std::int64_t>(), 0);
  EXPECT_EQ(add("by a sequence"), 5001);
  EXPECT_EQ(add("by a sequence again"), 5002);

  try {
    (void)db->execute(insert, "stored", 1);
    FAIL() << "the column made the key no more";
  } catch (const core_lib::Error& error) {
    EXPECT_FALSE(error.is_retryable());
    EXPECT_THAT(error.what(), HasSubstr("what it wrote is stored"));
  }
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM accounts WHERE name = 'stored'").scalar<std::int64_t>(), 1);
}

TEST_F(MariadbStatements, ThatCallAProcedureGiveItsFirstRows) {
  database.administrator().execute(
      "CREATE PROCEDURE two() BEGIN SELECT 1 AS a UNION SELECT 2; SELECT 3 AS b, 4 AS c; END");
  database.administrator().execute("CREATE PROCEDURE none() BEGIN SET @x = 1; END");
  db->with([](Session& session) {
    for (int i = 0; i < 2; ++i) {
      const Result rows = session.execute("CALL two()");
      ASSERT_EQ(rows.size(), 2U);
      EXPECT_EQ(rows.columns(), std::vector<std::string>{"a"});
      EXPECT_EQ(rows[1].get<int>("a"), 2);
      EXPECT_TRUE(session.execute("CALL none()").empty());
    }
    EXPECT_EQ(session.execute("SELECT @x").scalar<int>(), 1);
  });
}

TEST_F(MariadbStatements, SurviveATableThatGetsAnotherColumn) {
  db->execute("INSERT INTO accounts (name, balance) VALUES ('ada', 1)");
  EXPECT_EQ(db->execute("SELECT * FROM accounts").columns().size(), 3U);
  database.administrator().execute("ALTER TABLE accounts ADD COLUMN note TEXT");
  const auto columns = [&] { return db->execute("SELECT * FROM accounts").columns().size(); };
  EXPECT_EQ(columns(), 4U);
}

TEST_F(MariadbStatements, WithMorePlaceholdersThanTheServerTakesAreRefused) {
  std::string sql = "SELECT 1 IN (?";
  for (int i = 1; i < 65536; ++i) sql += ",?";
  sql += ")";
  EXPECT_THAT(caught<UsageError>([&] { return db->execute(sql); }).what(), HasSubstr("65535 placeholders"));
}

TEST_F(MariadbStatements, TellWhatIsWrongWithThem) {
  EXPECT_THAT(caught<SyntaxError>([&] { return db->execute("SELECT secret FORM accounts"); }).what(),
              AllOf(HasSubstr("at 'accounts'"), HasSubstr("1064")));
  EXPECT_THAT(caught<SyntaxError>([&] { return db->execute("SELECT id FROM no_such_table"); }).what(),
              HasSubstr("no_such_table"));
  EXPECT_THAT(caught<SyntaxError>([&] { return db->execute("SELECT no_such_column FROM accounts"); }).what(),
              HasSubstr("no_such_column"));
  EXPECT_THAT(caught<SyntaxError>([&] { return db->execute("SELECT 1 'secret' 'more' 7"); }).what(),
              Not(HasSubstr("secret")));
}

TEST_F(MariadbStatements, RunWithTheIsolationThatTheirScopeAskedFor) {
  auto& other = database.administrator();
  other.execute("INSERT INTO accounts (name, balance) VALUES ('ada', 1)");
  const auto sees_what_is_new = [&](Isolation isolation) {
    return db->with({.isolation = isolation}, [&](Session& session) {
      const std::int64_t before = session.query<Account>().get_one(1).balance;
      other.execute("UPDATE accounts SET balance = balance + 1");
      return session.query<Account>().get_one(1).balance != before;
    });
  };
  EXPECT_TRUE(sees_what_is_new(Isolation::read_committed));
  EXPECT_FALSE(sees_what_is_new(Isolation::repeatable_read));
  EXPECT_FALSE(sees_what_is_new(Isolation::engine_default));
  EXPECT_TRUE(sees_what_is_new(Isolation::read_committed));
  db->with({.isolation = Isolation::serializable}, [&](Session& session) {
    (void)session.query<Account>().get_one(1);
    EXPECT_THROW(other.execute("SELECT 1 FROM accounts WHERE id = 1 FOR UPDATE NOWAIT"), Error);
  });
}

TEST_F(MariadbStatements, OfAnUpdateSeeTheValuesFromBeforeIt) {
  db->execute("CREATE TABLE pairs (a INT, b INT)");
  db->execute("INSERT INTO pairs VALUES (1, 2)");
  db->execute("UPDATE pairs SET a = b, b = a");
  const Result row = db->execute("SELECT a, b FROM pairs");
  EXPECT_EQ(row[0].get<int>("a"), 2);
  EXPECT_EQ(row[0].get<int>("b"), 1);
}

TEST(MariadbOlderServer, HasNoReturningAndFewStatementsAndWorksAllTheSame) {
  const support::OwnService server("mariadb", "start", "--version=10.4.30-MariaDB --max-prepared-stmt-count=20");
  const auto db = support::MariadbDatabase::open(support::mariadb_options(server));
  EXPECT_EQ(db->ping(Deadline::in(std::chrono::seconds(10))).server_version, "MariaDB 10.4.30");
  db->create_db<Account>();
  db->with([](Session& session) {
    EXPECT_EQ(session.add(Account{0, "ada", 1}).id, 1);
    EXPECT_EQ(session.add(Account{0, "grace", 1}).id, 2);
    EXPECT_THROW(session.savepoint([&] { session.add(Account{0, "ada", 1}); }), UniqueViolation);
  });
  EXPECT_EQ(db->execute("SELECT COUNT(*) FROM accounts").scalar<int>(), 2);

  // More than the server keeps: the oldest make room, and run again when they are wanted.
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 50; ++i) {
      EXPECT_EQ(db->execute("SELECT " + std::to_string(i)).scalar<int>(), i);
    }
  }
  std::vector<std::unique_ptr<SqlConnectionRegistry>> others;
  const auto use_up = [&] {
    for (int i = 0; i < 30; ++i) {
      others.push_back(support::MariadbDatabase::open(support::mariadb_options(server)));
      (void)others.back()->execute("SELECT 1");
    }
  };
  EXPECT_THAT(caught<Error>(use_up).what(), HasSubstr("max_prepared_stmt_count"));
}

}  // namespace
}  // namespace core_lib::sql
