// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/batch.hpp"

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

class PostgresqlBatchTest : public testing::Test {
 protected:
  PostgresqlBatchTest() {
    db->create_db<Account>();
    db->with([](Session& session) { session.add(Account{0, "ada", 1}); });
  }
  std::vector<Result> run(const Batch& batch) {
    return db->with([&](Session& session) { return session.execute(batch); });
  }
  std::int64_t balance() { return db->execute("SELECT balance FROM accounts").scalar<std::int64_t>(); }

  support::PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db = schema.open();
};

TEST_F(PostgresqlBatchTest, PreparesAgainAllThatTheServerHasForgotten) {
  Batch batch;
  batch.add("SELECT 1 + $1::int", 1).add("SELECT 2 + $1::int", 2).add("SELECT 3 + $1::int", 3);
  for (int again = 0; again < 2; ++again) {
    const std::vector<Result> results = run(batch);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(results[i].scalar<int>(), static_cast<int>(2 * i + 2));
    db->execute("DEALLOCATE ALL");
  }
}

TEST_F(PostgresqlBatchTest, ReadsTablesThatChangedAsTheyAreNow) {
  Batch batch;
  batch.add("SELECT * FROM accounts").add("SELECT id, * FROM accounts");
  EXPECT_EQ(run(batch)[1].columns().size(), 4U);
  schema.administrator().execute("ALTER TABLE accounts ADD note text");
  const std::vector<Result> results = run(batch);
  EXPECT_EQ(results[0].columns().size(), 4U);
  EXPECT_EQ(results[1].columns().size(), 5U);
}

TEST_F(PostgresqlBatchTest, FailsOnceWhereWhatItPreparesIsForgottenInTheMiddleOfItsTransaction) {
  Batch batch;
  batch.add("SELECT 1 + $1::int", 1);
  EXPECT_EQ(run(batch)[0].scalar<int>(), 2);
  int attempts = 0;
  db->with({.attempts = 2}, [&](Session& session) {
    session.execute("SELECT 1");
    if (++attempts == 1) session.execute("DO $$ BEGIN EXECUTE 'DEALLOCATE ALL'; END $$");  // seen by the server alone
    EXPECT_EQ(session.execute(batch)[0].scalar<int>(), 2);
  });
  EXPECT_EQ(attempts, 2);
}

TEST_F(PostgresqlBatchTest, TakesAQuestionMarkForAPlaceholderOnlyWhereAValueIsGiven) {
  const std::string has_key = R"(SELECT '{"a":1}'::jsonb ? 'a')";
  Batch batch;
  batch.add(has_key).add(has_key, "a");
  EXPECT_THROW(run(batch), SyntaxError);
  EXPECT_TRUE(db->execute(has_key).scalar<bool>());
  EXPECT_THROW(db->execute(has_key, "a"), SyntaxError);
  EXPECT_THROW(db->execute(has_key, "a", "b"), UsageError);
  EXPECT_TRUE(db->execute(has_key).scalar<bool>());
  EXPECT_THROW(db->execute("SELECT ?::int + 1"), UsageError);
  EXPECT_EQ(db->execute("SELECT ?::int + 1", 1).scalar<int>(), 2);
}

TEST_F(PostgresqlBatchTest, SendsNothingWhereAValueOfItCannotBeStored) {
  Batch batch;
  batch.add("UPDATE accounts SET balance = 2");
  batch.add("SELECT $1::text[]", std::vector<std::string>{"fine", "a\0b"s});
  db->with([&](Session& session) {
    EXPECT_THROW(session.savepoint([&] { session.execute(batch); }), ConversionError);
    EXPECT_EQ(session.execute("SELECT balance FROM accounts").scalar<int>(), 1);
  });
  EXPECT_EQ(balance(), 1);
}

TEST_F(PostgresqlBatchTest, MixesNullsListsAndTextsOfAnyLength) {
  Batch batch;
  std::string text;
  for (int i = 0; i < 60; ++i) {
    text += "more and more text of this";
    batch.add("SELECT $1::text, $2::int, $3::int[]", text, i % 2 == 0 ? std::optional<int>(i) : std::nullopt,
              std::vector<int>(static_cast<std::size_t>(i), i));
  }
  const std::vector<Result> results = run(batch);
  ASSERT_EQ(results.size(), 60U);
  for (int i = 0; i < 60; ++i) {
    const Result::Row row = results[static_cast<std::size_t>(i)][0];
    EXPECT_EQ(row.get<std::string>(0U).size(), 26U * static_cast<std::size_t>(i + 1));
    EXPECT_EQ(row.get<std::optional<int>>(1U), i % 2 == 0 ? std::optional<int>(i) : std::nullopt);
    EXPECT_EQ(row.get<std::vector<int>>(2U), std::vector<int>(static_cast<std::size_t>(i), i));
  }
}

TEST_F(PostgresqlBatchTest, IsUndoneAtTheDeadline) {
  Batch batch;
  batch.add("UPDATE accounts SET balance = 2").add("SELECT pg_sleep(60)").add("UPDATE accounts SET balance = 3");
  EXPECT_THROW(db->with({.deadline = 200ms}, [&](Session& session) { session.execute(batch); }), DeadlineExceeded);
  EXPECT_EQ(balance(), 1);
}

TEST_F(PostgresqlBatchTest, IsLostWithItsConnection) {
  Batch batch;
  batch.add("UPDATE accounts SET balance = 2").add("SELECT pg_sleep(60)").add("UPDATE accounts SET balance = 3");
  EXPECT_THROW(db->with([&](Session& session) {
    const std::int64_t backend = schema.connection_of(session);
    const std::jthread killer([&, backend] {
      EXPECT_TRUE(support::eventually([&] { return schema.is_busy(backend); }));
      schema.kill(backend);
    });
    session.execute(batch);
  }),
               ConnectionLost);
  EXPECT_EQ(balance(), 1);
}

}  // namespace
}  // namespace core_lib::sql
