// SPDX-License-Identifier: Apache-2.0
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::connection_of;
using support::eventually;

class MariadbOutage : public testing::Test {
 protected:
  /// It may take a moment until the end of a link has arrived here; from then on it is seen before it is lent.
  bool is_replaced(std::int64_t connection) {
    return eventually([&] {
      try {
        return db->with(connection_of) != connection;
      } catch (const ConnectionLost&) {
        return false;
      }
    });
  }

  support::MariadbDatabase database;
  std::unique_ptr<SqlConnectionRegistry> db = database.open();
};

TEST_F(MariadbOutage, OfAnIdleConnectionCostsNobodyAnything) {
  const std::int64_t connection = db->with(connection_of);
  database.kill(connection);
  EXPECT_TRUE(is_replaced(connection));
}

TEST_F(MariadbOutage, OfOneConnectionReplacesItsOlderSisters) {
  std::vector<std::int64_t> connections;
  {
    auto one = db->get();
    auto other = db->get();
    connections = {connection_of(one.enter()), connection_of(other.enter())};
    one.exit(nullptr);
    other.exit(nullptr);
  }
  EXPECT_THROW(db->with([&](Session& session) {
    database.kill(connection_of(session));
    (void)session.execute("SELECT 1");
  }),
               ConnectionLost);
  for (int i = 0; i < 3; ++i) {
    const std::int64_t now = db->with(connection_of);
    EXPECT_NE(now, connections[0]);
    EXPECT_NE(now, connections[1]);
  }
}

TEST_F(MariadbOutage, OfAnIdleConnectionThatTheServerEndsIsSeenBeforeItIsLent) {
  const std::int64_t connection = db->with([](Session& session) {
    (void)session.execute("SET SESSION wait_timeout = 1");
    return connection_of(session);
  });
  database.await_end_of(connection);
  EXPECT_TRUE(is_replaced(connection));
}

TEST_F(MariadbOutage, InTheMiddleOfAStatementIsAConnectionLost) {
  std::jthread killer;
  try {
    db->with([&](Session& session) {
      killer = std::jthread([&, connection = connection_of(session)] {
        if (eventually([&] { return database.is_running("SELECT SLEEP(58)"); })) database.kill(connection);
      });
      (void)session.execute("SELECT SLEEP(58)");
    });
    FAIL() << "a dead server answered";
  } catch (const ConnectionLost& error) {
    EXPECT_TRUE(error.breaks_connection());
    EXPECT_TRUE(error.is_retryable());
  }
  EXPECT_EQ(db->execute("SELECT 1").scalar<int>(), 1);
}

TEST_F(MariadbOutage, OfTheReadersIsSeenThoughTheirLastAnswerIsStillOwed) {
  const std::int64_t connection = db->with({.access = read_only}, connection_of);
  database.kill(connection);
  EXPECT_TRUE(is_replaced(connection));
}

TEST(MariadbServer, MayCrashAndComeBack) {
  support::OwnService server("mariadb");
  const auto db = support::MariadbDatabase::open(support::mariadb_options(server));
  db->create_db<Account>();
  db->with([](Session& session) { session.add(Account{0, "ada", 1}); });
  EXPECT_THROW(db->with([&](Session& session) {
    session.add(Account{0, "grace", 1});
    server.run("crash");
    session.add(Account{0, "mary", 1});
  }),
               ConnectionLost);
  EXPECT_FALSE(db->ping(Deadline::in(5s)).healthy);
  EXPECT_THROW(db->execute("SELECT 1"), ConnectionLost);
  server.run("resume");
  EXPECT_TRUE(db->ping(Deadline::in(5s)).healthy);
  EXPECT_EQ(db->with([](Session& session) { return session.query<Account>().count(); }), 1);
}

TEST(MariadbServer, ThatIsReadOnlyIsPassedOverAndLeftWhereItBecomesSo) {
  support::OwnService first("mariadb");
  support::OwnService second("mariadb");
  const auto administrator = support::MariadbDatabase::open(support::mariadb_options(first));
  administrator->execute("CREATE USER plain IDENTIFIED BY 'secret'");
  administrator->execute("GRANT SELECT, INSERT, UPDATE ON app.* TO plain");
  const auto other = support::MariadbDatabase::open(support::mariadb_options(second));
  other->execute("CREATE USER plain IDENTIFIED BY 'secret'");
  other->execute("GRANT SELECT, INSERT, UPDATE ON app.* TO plain");
  for (const auto& server : {administrator.get(), other.get()}) server->create_db<Account>();

  MariadbOptions options = support::mariadb_options(first);
  options.user = "plain";
  options.hosts.push_back(support::mariadb_options(second).hosts[0]);
  const auto port = [](SqlConnectionRegistry& db) { return db.execute("SELECT @@port").scalar<std::uint16_t>(); };
  const auto db = support::MariadbDatabase::open(options);
  EXPECT_EQ(port(*db), options.hosts[0].port);

  administrator->execute("SET GLOBAL read_only = 1");
  EXPECT_EQ(port(*support::MariadbDatabase::open(options)), options.hosts[1].port);
  int runs = 0;
  db->with({.attempts = 2}, [&](Session& session) {
    ++runs;
    session.add(Account{0, "ada", 1});
  });
  EXPECT_EQ(runs, 2);
  EXPECT_EQ(other->execute("SELECT COUNT(*) FROM accounts").scalar<int>(), 1);

  // A transaction that had written before is refused its COMMIT.
  administrator->execute("SET GLOBAL read_only = 0");
  options.hosts.pop_back();
  const auto only_first = support::MariadbDatabase::open(options);
  EXPECT_THROW(only_first->with([&](Session& session) {
    session.add(Account{0, "grace", 1});
    administrator->execute("SET GLOBAL read_only = 1");
  }),
               CommitFailed);
  EXPECT_EQ(administrator->execute("SELECT COUNT(*) FROM accounts").scalar<int>(), 0);
}

}  // namespace
}  // namespace core_lib::sql
