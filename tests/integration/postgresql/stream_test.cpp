// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>
#include <malloc.h>

#include "integration/postgresql/account.hpp"
#include "support/postgresql_schema.hpp"

extern "C" std::size_t __sanitizer_get_current_allocated_bytes() __attribute__((weak));

namespace core_lib::sql {
namespace {

/// What is allocated now. A sanitizer keeps its own books, since it holds on to what was freed.
std::size_t allocated_bytes() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
  const struct mallinfo2 heap = mallinfo2();
  return heap.uordblks + heap.hblkhd;
}

class PostgresqlStream : public testing::Test {
 protected:
  PostgresqlStream() { db->create_db<Account>(); }

  void fill(int rows, int name_size = 10) {
    db->execute(
        "INSERT INTO accounts (name, balance) SELECT rpad(n::text, $1::int, '-'), n FROM generate_series(1, $2) n",
        name_size, rows);
  }
  static int open_cursors(Session& session) {
    return session.execute("SELECT count(*) FROM pg_cursors WHERE name <> ''").scalar<int>();
  }

  support::PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db = schema.open();
};

TEST_F(PostgresqlStream, NeedsNoMemoryForWhatIsNotReadYet) {
  fill(20'000, 2000);
  const std::size_t before = allocated_bytes();
  std::size_t most = 0;
  std::int64_t rows = 0;
  db->with([&](Session& session) {
    for (const Account& account : session.query<Account>().stream()) {
      ASSERT_EQ(account.name.size(), 2000U);
      if (++rows % 100 == 0) most = std::max(most, allocated_bytes());
    }
  });
  EXPECT_EQ(rows, 20'000);
  EXPECT_LT(most, before + (8U << 20U)) << "of 40 MB";
}

TEST_F(PostgresqlStream, LetsOtherStatementsRunInBetween) {
  fill(1000);
  db->with([&](Session& session) {
    int rows = 0;
    for (const Account& account : session.query<Account>().order_by(accounts::id).stream()) {
      ASSERT_EQ(account.balance, ++rows);
      session.query<Account>().filter(accounts::id == account.id).update(accounts::balance = -account.balance);
      int inner = 0;
      for (const Account& other : session.query<Account>().filter(accounts::id <= 3).stream()) {
        EXPECT_LE(other.id, 3);
        ++inner;
      }
      ASSERT_EQ(inner, 3);
    }
    EXPECT_EQ(rows, 1000);
  });
  EXPECT_EQ(db->execute("SELECT sum(balance) FROM accounts").scalar<int>(), -500'500);
}

TEST_F(PostgresqlStream, MayBeBrokenOffEarly) {
  fill(1000);
  db->with([&](Session& session) {
    for (int i = 0; i < 3; ++i) {
      for (const Account& account : session.query<Account>().stream()) {
        EXPECT_GE(account.balance, 1);
        break;
      }
    }
    EXPECT_EQ(session.query<Account>().count(), 1000);
    EXPECT_EQ(open_cursors(session), 0);
  });
}

TEST_F(PostgresqlStream, ReadToItsEndLeavesNoCursor) {
  for (const int rows : {0, 1, 64, 65, 5000}) {
    db->execute("TRUNCATE accounts");
    fill(rows);
    db->with([&](Session& session) {
      int seen = 0;
      for (const Account& account : session.query<Account>().stream()) seen += account.balance > 0 ? 1 : 0;
      EXPECT_EQ(seen, rows);
      EXPECT_EQ(open_cursors(session), 0);
    });
  }
}

TEST_F(PostgresqlStream, EndsWithItsSavepoint) {
  fill(1000);
  db->with([&](Session& session) {
    EXPECT_THROW(session.savepoint([&] {
      for (const Account& account : session.query<Account>().stream()) throw std::runtime_error(account.name);
    }),
                 std::runtime_error);
    EXPECT_THROW(session.savepoint([&] {
      for (const Account& account : session.query<Account>().stream()) session.add(account);
    }),
                 UniqueViolation);
    EXPECT_EQ(session.query<Account>().count(), 1000);
    EXPECT_EQ(open_cursors(session), 0);
  });
}

TEST_F(PostgresqlStream, ThrowsWhatGoesWrongInTheMiddle) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::never());
  connection->begin({});
  const auto statement = connection->prepare("SELECT 1 / (500 - n) FROM generate_series(1, 1000) AS n");
  ASSERT_EQ(statement->execute({}, driver::Fetching::streamed), 1U);
  int rows = 0;
  EXPECT_THROW(while (statement->fetch())++ rows, ConversionError);
  EXPECT_GE(rows, 64);
  statement->close();
  connection->rollback();
  EXPECT_NO_THROW(connection->ping());
}

TEST_F(PostgresqlStream, RunsInAReadingScope) {
  fill(200);
  db->with({.access = read_only}, [&](Session& session) {
    int rows = 0;
    for (const Account& account : session.query<Account>().stream()) rows += account.id > 0 ? 1 : 0;
    EXPECT_EQ(rows, 200);
    EXPECT_EQ(session.query<Account>().count(), 200);
  });
}

}  // namespace
}  // namespace core_lib::sql
