// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::backend_of;
using support::eventually;

class PostgresqlOutage : public testing::Test {
 protected:
  support::PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db = schema.open();
};

TEST_F(PostgresqlOutage, InTheMiddleOfAStatementIsAConnectionLost) {
  const auto sleeping = [&](int backend) {
    return !schema.administrator()
                .execute("SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event = 'PgSleep'", backend)
                .empty();
  };
  std::jthread killer;
  try {
    db->with([&](Session& session) {
      killer = std::jthread([&, backend = backend_of(session)] {
        if (eventually([&] { return sleeping(backend); })) schema.terminate(backend);
      });
      (void)session.execute("SELECT pg_sleep(60)");
    });
    FAIL() << "a dead server answered";
  } catch (const ConnectionLost& error) {
    EXPECT_TRUE(error.breaks_connection());
    EXPECT_EQ(error.native_code(), "57P01");
  }
  EXPECT_EQ(db->execute("SELECT 1").scalar<int>(), 1);
}

TEST(PostgresqlServer, MayCrashAndComeBack) {
  support::OwnService server("postgresql");
  const auto db = support::PostgresqlSchema::open(support::postgresql_options(server));
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

TEST(PostgresqlServer, IsChosenByItsRoleAndMayFailOver) {
  support::OwnService primary("postgresql");
  support::OwnService standby("postgresql", "standby", primary.folder());
  PostgresqlOptions options = support::postgresql_options(standby);
  options.hosts.push_back(support::postgresql_options(primary).hosts[0]);
  const auto in_recovery = [&](ServerRole role) {
    options.target = role;
    return support::PostgresqlSchema::open(options)->execute("SELECT pg_is_in_recovery()").scalar<bool>();
  };
  for (const ServerRole role : {ServerRole::read_write, ServerRole::primary}) EXPECT_FALSE(in_recovery(role));
  for (const ServerRole role :
       {ServerRole::any, ServerRole::read_only, ServerRole::standby, ServerRole::prefer_standby}) {
    EXPECT_TRUE(in_recovery(role));
  }

  options.target = ServerRole::primary;
  const auto db = support::PostgresqlSchema::open(options);
  db->create_db<Account>();
  db->with([](Session& session) { session.add(Account{0, "ada", 1}); });
  const auto arrived = [&] {
    options.target = ServerRole::standby;
    const auto copy = support::PostgresqlSchema::open(options);
    return copy->execute("SELECT to_regclass('accounts') IS NOT NULL").scalar<bool>() &&
           copy->execute("SELECT count(*) FROM accounts").scalar<int>() == 1;
  };
  ASSERT_TRUE(eventually(arrived));
  primary.run("crash");
  EXPECT_THROW(db->execute("SELECT 1"), Error);
  standby.run("promote");
  EXPECT_EQ(db->with([](Session& session) { return session.query<Account>().count(); }), 1);
  db->with([](Session& session) { session.add(Account{0, "grace", 1}); });
  options.target = ServerRole::prefer_standby;
  EXPECT_FALSE(in_recovery(ServerRole::prefer_standby));
}

}  // namespace
}  // namespace core_lib::sql
