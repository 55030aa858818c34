// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;

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
