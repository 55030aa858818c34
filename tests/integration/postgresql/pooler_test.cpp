// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "integration/postgresql/account.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"
#include "support/server_process.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;

/// pgbouncer between the library and the server, which gives each transaction whichever server connection is free.
class PostgresqlPooler : public testing::Test {
 protected:
  PostgresqlPooler() {
    write("users", '"' + schema.server()["user"] + "\" \"" + schema.server()["password"] + "\"\n");
    write("pgbouncer.ini", "[databases]\n* = host=127.0.0.1 port=" + schema.server()["port"] +
                               "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " + std::to_string(port) +
                               "\nunix_socket_dir =\npool_mode = transaction\ndefault_pool_size = 3\n"
                               "auth_type = scram-sha-256\nauth_file = " +
                               folder.path() + "/users\nmax_client_conn = 100\nlogfile =\nserver_round_robin = 1\n");
    std::vector<std::string> command{"pgbouncer", "--quiet", folder.path() + "/pgbouncer.ini"};
    if (geteuid() == 0) command.insert(command.begin() + 1, {"--user", "nobody"});
    pooler = std::make_unique<support::ServerProcess>(command, "pgbouncer");
    pooler->wait_until([&] {
      try {
        (void)make_postgresql_driver(options(false))->connect(Access::read_write, Deadline::in(5s));
        return true;
      } catch (const ConnectionLost&) {
        return false;
      }
    });
    schema.administrator().execute("CREATE TABLE accounts (id bigint PRIMARY KEY, name text, balance bigint)");
    schema.administrator().execute("INSERT INTO accounts SELECT n, 'name ' || n, n FROM generate_series(1, 50) AS n");
  }

  void write(const std::string& name, const std::string& content) const {
    const std::string path = folder.path() + "/" + name;
    std::ofstream(path) << content;
    chmod(folder.path().c_str(), 0755);
    chmod(path.c_str(), 0644);
  }
  PostgresqlOptions options(bool prepared) const {
    PostgresqlOptions options = schema.options();
    options.hosts = {{"127.0.0.1", port}};
    options.prepared_statements = prepared;
    return options;
  }
  static std::uint16_t free_port() { return support::Forwarder(1).port(); }

  support::PostgresqlSchema schema;
  TemporaryFolder folder;
  std::uint16_t port = free_port();
  std::unique_ptr<support::ServerProcess> pooler;
};

/// Many statements, in an order of each thread's own; false where one gave another one's rows.
bool work(SqlConnectionRegistry& db, const std::string& schema, int thread) {
  bool right = true;
  for (int round = 0; round < 30; ++round) {
    const std::int64_t id = 1 + (thread * 7 + round) % 50;
    db.with({.attempts = 20}, [&](Session& session) {
      // The pooler gives a transaction another server, where the search path is that of whoever was there before.
      const std::string table = schema + ".accounts";
      const int kind = (thread + round) % 3;
      if (kind == 0) {
        right = right && session.execute("SELECT name FROM " + table + " WHERE id = $1", id).scalar<std::string>() ==
                             "name " + std::to_string(id);
      } else if (kind == 1) {
        right = right &&
                session.execute("SELECT balance FROM " + table + " WHERE id = $1", id).scalar<std::int64_t>() == id;
      } else {
        right =
            right &&
            session.execute("SELECT count(*) FROM " + table + " WHERE id < $1", id).scalar<std::int64_t>() == id - 1;
      }
    });
  }
  return right;
}

class PostgresqlPoolerModes : public PostgresqlPooler, public testing::WithParamInterface<bool> {};

TEST_P(PostgresqlPoolerModes, NoClientGetsAnothersRows) {
  const auto db = support::PostgresqlSchema::open(options(GetParam()), {.pool = {.max_size = 6}});
  std::vector<char> right(6, 0);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 6; ++thread) {
      threads.emplace_back([&, thread] {
        try {
          right[static_cast<std::size_t>(thread)] = work(*db, schema.name(), thread) ? 1 : 0;
        } catch (const std::exception& error) {
          ADD_FAILURE() << error.what();
        }
      });
    }
  }
  EXPECT_EQ(right, std::vector<char>(6, 1));
}
INSTANTIATE_TEST_SUITE_P(Statements, PostgresqlPoolerModes, testing::Values(true, false),
                         [](const auto& mode) { return mode.param ? "Prepared" : "Unprepared"; });

TEST_F(PostgresqlPooler, WithoutPreparedStatementsNothingHasToBeRunAgain) {
  const auto db = support::PostgresqlSchema::open(options(false), {.pool = {.max_size = 6}});
  const auto one = db->get();
  for (int round = 0; round < 20; ++round) {
    int runs = 0;
    db->with({.attempts = 5}, [&](Session& session) {
      ++runs;
      for (int i = 0; i < 3; ++i) (void)session.execute("SELECT $1::int + " + std::to_string(i), round);
    });
    EXPECT_EQ(runs, 1);
  }
}

TEST_F(PostgresqlPooler, ACancelledStatementLeavesTheConnectionUsable) {
  const auto db = support::PostgresqlSchema::open(options(false));
  EXPECT_THROW(db->with({.deadline = 300ms}, [](Session& session) { (void)session.execute("SELECT pg_sleep(60)"); }),
               DeadlineExceeded);
  EXPECT_EQ(db->execute("SELECT 7").scalar<int>(), 7);
}

}  // namespace
}  // namespace core_lib::sql
