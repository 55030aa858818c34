// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::eventually;

class PostgresqlCommit : public testing::Test {
 protected:
  PostgresqlCommit() {
    const auto db = schema.open();
    db->create_db<Account>();
    db->with([](Session& session) { session.add_all(std::vector<Account>{{0, "ada", 100}, {0, "grace", 100}}); });
  }

  /// As somebody else sees it.
  std::int64_t balance(const std::string& name) {
    return schema.administrator().execute("SELECT balance FROM accounts WHERE name = $1", name).scalar<std::int64_t>();
  }

  support::PostgresqlSchema schema;
};

TEST_F(PostgresqlCommit, FailsForSureWhereTheConnectionIsKnownToBeLostBefore) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(10s));
  connection->begin({});
  connection->prepare("UPDATE accounts SET balance = 1")->execute({}, driver::Fetching::at_once);
  schema.administrator().execute(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'UPDATE accounts SET balance = 1'");
  ASSERT_TRUE(eventually([&] { return !connection->is_usable(); }));
  try {
    connection->commit();
    FAIL() << "committed on a dead link";
  } catch (const CommitFailed& error) {
    EXPECT_TRUE(error.is_retryable());
    EXPECT_TRUE(error.breaks_connection());
  }
  EXPECT_EQ(balance("ada"), 100);
}

// A session refuses such statements; a procedure may still contain one.
TEST_F(PostgresqlCommit, FailsWhereAStatementEndedTheTransaction) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(10s));
  connection->begin({});
  for (const char* const sql : {"UPDATE accounts SET balance = 1", "ROLLBACK"}) {
    connection->prepare(sql)->execute({}, driver::Fetching::at_once);
  }
  EXPECT_THROW(connection->commit(), CommitFailed);
  EXPECT_EQ(balance("ada"), 100);
}

// Without the session's doom: the server answers COMMIT with ROLLBACK, and calls that success.
TEST_F(PostgresqlCommit, OfAnAbortedTransactionFailsInTheDriverToo) {
  const auto driver = make_postgresql_driver(schema.options());
  const auto connection = driver->connect(Access::read_write, Deadline::in(10s));
  const auto run = [&](std::string_view sql) { connection->prepare(sql)->execute({}, driver::Fetching::at_once); };
  connection->begin({});
  run("UPDATE accounts SET balance = 1");
  EXPECT_THROW(run("SELECT 1 / 0"), ConversionError);
  EXPECT_THROW(run("SELECT 1"), TransactionAborted);
  EXPECT_THROW(connection->commit(), CommitFailed);
  EXPECT_FALSE(connection->in_transaction());
  EXPECT_TRUE(connection->is_usable());
  EXPECT_EQ(balance("ada"), 100);
}

}  // namespace
}  // namespace core_lib::sql
