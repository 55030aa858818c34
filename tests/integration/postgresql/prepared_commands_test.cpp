// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr const char* drop_all = "DEALLOCATE ALL";
// Of this the client sees nothing.
constexpr const char* drop_all_in_secret = "DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$";

/// BEGIN and COMMIT, which a connection runs by prepared names of its own.
class PostgresqlPreparedCommands : public testing::Test {
 protected:
  PostgresqlPreparedCommands() { open(schema.options()); }

  void open(const PostgresqlOptions& options) {
    db = support::PostgresqlSchema::open(options, {.pool = {.max_size = 1, .max_overflow = 0}});
    db->create_db<Account>();
  }
  /// In a scope of its own.
  void add_one(const char* then = nullptr) {
    db->with([&](Session& session) {
      session.add(Account{0, "name " + std::to_string(++added), 1});
      if (then != nullptr) session.execute(then);
    });
  }
  std::int64_t count() {
    return schema.administrator().execute("SELECT count(*) FROM accounts").scalar<std::int64_t>();
  }
  /// Of the commands that are prepared on the one connection.
  std::vector<std::string> prepared() {
    const Result found = db->execute(
        "SELECT statement FROM pg_prepared_statements WHERE statement LIKE 'BEGIN%' OR statement = 'COMMIT'");
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < found.size(); ++i) texts.push_back(found[i].get<std::string>(0U));
    return texts;
  }

  support::PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db;
  int added = 0;
};

TEST_F(PostgresqlPreparedCommands, ArePreparedOnceForEachKindOfTransaction) {
  add_one();
  add_one();
  EXPECT_THAT(prepared(), UnorderedElementsAre("BEGIN", "COMMIT"));
  for (int i = 0; i < 2; ++i) {
    db->with({.isolation = Isolation::serializable}, [](Session& session) { session.execute("SELECT 1"); });
    add_one();
  }
  EXPECT_THAT(prepared(), UnorderedElementsAre("BEGIN", "COMMIT", "BEGIN ISOLATION LEVEL SERIALIZABLE", "COMMIT"));
  EXPECT_EQ(count(), 4);
}

TEST_F(PostgresqlPreparedCommands, GoAsTextWherePreparedStatementsAreOff) {
  PostgresqlOptions options = schema.options();
  options.prepared_statements = false;
  open(options);
  add_one();
  EXPECT_THAT(prepared(), IsEmpty());
  EXPECT_EQ(count(), 1);
}

TEST_F(PostgresqlPreparedCommands, OutliveThatTheScopeDropsThem) {
  add_one(drop_all);
  add_one();
  EXPECT_EQ(count(), 2);
  EXPECT_THAT(prepared(), UnorderedElementsAre("BEGIN", "COMMIT"));
}

TEST_F(PostgresqlPreparedCommands, OutliveThatTheyWereDroppedBefore) {
  for (const char* const drop : {drop_all, "DISCARD ALL", drop_all_in_secret}) {
    add_one();
    db->execute(drop);
    if (std::string(drop) == "DISCARD ALL") db->execute("SET search_path = " + schema.name());
    add_one();
  }
  EXPECT_EQ(count(), 6);
}

TEST_F(PostgresqlPreparedCommands, ABatchOutlivesThatTheyWereDroppedBefore) {
  add_one();
  db->execute(drop_all_in_secret);
  Batch batch;
  for (const char* const name : {"grace", "mary"}) {
    batch.add("INSERT INTO accounts (name, balance) VALUES ($1, 2)", name);
  }
  db->with([&](Session& session) { EXPECT_EQ(session.execute(batch).size(), 2U); });
  EXPECT_EQ(count(), 3);
}

// The transaction cannot be saved: the server aborts it where it does not know COMMIT's name.
TEST_F(PostgresqlPreparedCommands, ACommitThatLostItsNameFailsOnceAndLeavesTheConnectionUsable) {
  try {
    add_one(drop_all_in_secret);
    FAIL() << "committed by a name that the server does not have";
  } catch (const CommitFailed& error) {
    EXPECT_TRUE(error.is_retryable());
    EXPECT_FALSE(error.breaks_connection());
  }
  EXPECT_EQ(count(), 0);
  add_one(drop_all_in_secret);  // goes as text from now on
  EXPECT_EQ(count(), 1);
}

}  // namespace
}  // namespace core_lib::sql
