// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using support::connection_of;
using support::eventually;

class MariadbStream : public testing::Test {
 protected:
  MariadbStream() {
    db->create_db<Account>();
    database.administrator().execute(
        "INSERT INTO accounts (name, balance) SELECT CONCAT(REPEAT('x', 200), seq), seq "
        "FROM seq_1_to_20000");
  }
  static std::size_t resident_bytes() {
    std::ifstream status("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    status >> total >> resident;
    return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  }

  support::MariadbDatabase database;
  std::unique_ptr<SqlConnectionRegistry> db = database.open();
};

TEST_F(MariadbStream, TakesNoMoreMemoryForManyRows) {
  db->with([](Session& session) {
    std::size_t before = 0;
    std::int64_t sum = 0;
    for (const Account& account : session.query<Account>().stream()) {
      if (++sum == 1000) before = resident_bytes();
      if (account.balance == 0) break;
    }
    EXPECT_EQ(sum, 20000);
    EXPECT_LT(resident_bytes(), before + 8U * 1024 * 1024);
  });
}

TEST_F(MariadbStream, MayBeLeftEarly) {
  MariadbOptions options = database.options();
  options.tls.mode = TlsMode::disable;  // on a busy machine it takes long to open a link by which to stop the server
  db = support::MariadbDatabase::open(options);
  const std::int64_t connection = db->with(connection_of);
  db->with([&](Session& session) {
    for (const int limit : {1, 500, 5000}) {
      int rows = 0;
      for (const Account& account : session.query<Account>().stream()) {
        if (account.balance > 0 && ++rows == limit) break;
      }
      EXPECT_EQ(rows, limit);
    }
    EXPECT_EQ(session.query<Account>().count(), 20000);
    EXPECT_EQ(connection_of(session), connection);
    session.add(Account{0, "added", 1});
  });
  EXPECT_EQ(db->with([](Session& session) { return session.query<Account>().count(); }), 20001);
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
}

TEST_F(MariadbStream, LeftEarlyStopsAServerThatIsNotDone) {
  const std::string sql = "SELECT IF(seq > 100, SLEEP(60), REPEAT('x', 1000)) FROM seq_1_to_1000";
  EXPECT_TRUE(eventually([&] {  // on a busy machine it may take longer than the connection waits
    const std::int64_t connection = db->with(connection_of);
    try {
      return db->with([&](Session& session) {
        {
          detail::Execution unwanted(session, sql, {});
          EXPECT_TRUE(unwanted.fetch());
        }
        return connection_of(session) == connection;
      });
    } catch (const ConnectionLost&) {
      return false;
    }
  }));
  EXPECT_FALSE(database.is_running("SELECT IF"));
}

TEST_F(MariadbStream, LeftEarlyClosesItsConnectionWhereTheServerCannotBeAskedToStop) {
  const support::MariadbLimitedUser user(database);
  MariadbOptions options = user.options();
  for (const TlsMode mode : {TlsMode::disable, TlsMode::require}) {
    options.tls.mode = mode;
    const auto only = support::MariadbDatabase::open(options);
    only->with([](Session& session) {
      {
        detail::Execution endless(session, "SELECT 1 FROM seq_1_to_1000000 a JOIN seq_1_to_1000000 b", {});
        EXPECT_TRUE(endless.fetch());
      }
      EXPECT_THROW((void)session.execute("SELECT 1"), ConnectionLost);
      session.rollback();
    });
    EXPECT_TRUE(eventually([&] { return !database.is_running("SELECT 1 FROM seq_1_to_1000000"); }));
  }
}

TEST_F(MariadbStream, TakesItsRestIntoMemoryWhenAnotherStatementRuns) {
  db->with([](Session& session) {
    std::int64_t rows = 0;
    for (const Account& account : session.query<Account>().filter(accounts::balance <= 2000).stream()) {
      ++rows;
      if (rows == 3) {
        EXPECT_EQ(session.query<Account>().filter(accounts::id == account.id).update(accounts::balance = 1), 1U);
      }
      if (rows == 5) {
        EXPECT_EQ(session.query<Account>().get_one(account.id).name, account.name);
      }
    }
    EXPECT_EQ(rows, 2000);
  });
}

TEST_F(MariadbStream, MayBeNested) {
  db->with([](Session& session) {
    int rows = 0;
    for (const Account& outer : session.query<Account>().filter(accounts::balance <= 3).stream()) {
      for (const Account& inner : session.query<Account>().filter(accounts::balance <= outer.balance).stream()) {
        rows += inner.balance > 0 ? 1 : 0;
      }
    }
    EXPECT_EQ(rows, 6);
  });
}

TEST_F(MariadbStream, ThatFailsInTheMiddleSaysSo) {
  EXPECT_THROW(db->with([](Session& session) {
    (void)session.execute("SELECT seq, (SELECT a.seq FROM seq_1_to_2 a WHERE s.seq > 500) FROM seq_1_to_1000 s");
  }),
               Error);
  EXPECT_EQ(db->execute("SELECT 1").scalar<int>(), 1);
}

}  // namespace
}  // namespace core_lib::sql
