// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::connection_of;
using support::eventually;
using testing::HasSubstr;
using testing::StartsWith;

class MariadbDeadline : public testing::Test {
 protected:
  MariadbDeadline() {
    db = support::MariadbDatabase::open(through(network));
    db->create_db<Account>();
  }
  MariadbOptions through(const support::Forwarder& forwarder) const {
    MariadbOptions options = database.options();
    options.hosts = {{"127.0.0.1", forwarder.port()}};
    options.tls.mode = TlsMode::disable;
    return options;
  }
  /// Runs a statement that does not end within its deadline; true where the connection can be used afterwards.
  static bool is_kept(SqlConnectionRegistry& registry, const std::string& sql) {
    const std::int64_t connection = registry.with(connection_of);
    try {
      registry.with({.deadline = 200ms}, [&](Session& session) { (void)session.execute(sql); });
      ADD_FAILURE() << "it ended";
    } catch (const DeadlineExceeded& error) {
      if (error.breaks_connection()) return false;
      EXPECT_THAT(error.what(), HasSubstr("the deadline passed; the statement was cancelled on the server"));
    }
    return registry.with(connection_of) == connection;
  }
  static void read_without_end(Session& session) {
    detail::Execution endless(session, "SELECT 1 FROM seq_1_to_1000000 a JOIN seq_1_to_1000000 b", {});
    while (endless.fetch()) {
    }
  }
  static std::unique_ptr<SqlConnectionRegistry> open_or_not(const MariadbOptions& options) {
    try {
      return support::MariadbDatabase::open(options);
    } catch (const ConnectionLost&) {
      return nullptr;
    }
  }
  void swallow(bool all = true) {
    network.swallow_requests(all);
    network.swallow_answers(all);
  }

  support::MariadbDatabase database;
  support::Forwarder network{database.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

// On a busy machine the server may not end it in the moment that is left; then the connection is closed instead.
TEST_F(MariadbDeadline, CancelsTheStatementAndKeepsTheConnection) {
  EXPECT_TRUE(eventually([&] { return is_kept(*db, "SELECT SLEEP(60)"); }));
  EXPECT_TRUE(eventually([&] { return !database.is_running("SELECT SLEEP(60)"); }));
}

TEST_F(MariadbDeadline, HoldsWithTlsToo) {
  MariadbOptions options = through(network);
  options.tls = {.ca = database.server()["ca"]};
  const auto encrypted = support::MariadbDatabase::open(options);
  EXPECT_THROW(
      encrypted->with({.deadline = 200ms}, [](Session& session) { (void)session.execute("SELECT SLEEP(57)"); }),
      DeadlineExceeded);
  EXPECT_TRUE(eventually([&] { return !database.is_running("SELECT SLEEP(57)"); }));
  EXPECT_THROW(encrypted->with({.deadline = 200ms},
                               [&](Session& session) {
                                 (void)session.execute("SELECT 1");
                                 swallow();
                                 (void)session.execute("SELECT 2");
                               }),
               DeadlineExceeded);
}

TEST_F(MariadbDeadline, EndsAWaitForALock) {
  db->with([](Session& session) { session.add(Account{0, "ada", 1}); });
  db->with([&](Session& holder) {
    holder.query<Account>().filter(accounts::name == "ada").update(accounts::balance = 2);
    EXPECT_THROW(db->with({.deadline = 200ms},
                          [](Session& session) {
                            session.query<Account>().filter(accounts::name == "ada").update(accounts::balance = 3);
                          }),
                 DeadlineExceeded);
  });
  EXPECT_EQ(db->execute("SELECT balance FROM accounts").scalar<int>(), 2);
}

TEST_F(MariadbDeadline, DropsAConnectionWhoseServerDoesNotAnswer) {
  const std::int64_t connection = db->with(connection_of);
  try {
    db->with({.deadline = 200ms}, [&](Session& session) {
      (void)session.execute("SELECT 1");
      swallow();
      (void)session.execute("SELECT 2");
    });
    FAIL() << "an answer came out of a black hole";
  } catch (const DeadlineExceeded& error) {
    EXPECT_TRUE(error.breaks_connection());
    EXPECT_THAT(error.what(), HasSubstr("did not answer"));
  }
  swallow(false);
  EXPECT_NE(db->with(connection_of), connection);
}

TEST_F(MariadbDeadline, EndsAConnectToAServerThatNeverAnswers) {
  support::Forwarder hole(database.port());
  hole.swallow_answers();
  const auto driver = make_mariadb_driver(through(hole));
  EXPECT_THROW((void)driver->connect(Access::read_write, Deadline::in(100ms)), DeadlineExceeded);
  MariadbOptions impatient = through(hole);
  impatient.connect_timeout = 100ms;
  try {
    (void)make_mariadb_driver(impatient)->connect(Access::read_write, Deadline::never());
    FAIL() << "connected to nothing";
  } catch (const ConnectionLost& error) {
    EXPECT_THAT(error.what(), HasSubstr("no answer within 100 ms"));
  }
}

TEST_F(MariadbDeadline, EndsAHandshakeThatStopsInTheMiddle) {
  support::Forwarder hole(database.port());
  hole.swallow_requests();  // the server's greeting arrives, and then nothing
  for (const TlsMode mode : {TlsMode::disable, TlsMode::require}) {
    MariadbOptions options = through(hole);
    options.tls.mode = mode;
    EXPECT_THROW((void)make_mariadb_driver(options)->connect(Access::read_write, Deadline::in(100ms)),
                 DeadlineExceeded);
  }
}

TEST_F(MariadbDeadline, GoesToTheNextHostWhereOneNeverAnswers) {
  support::Forwarder hole(database.port());
  hole.swallow_answers();
  MariadbOptions options = through(hole);
  options.hosts.push_back({"127.0.0.1", network.port()});
  options.connect_timeout = 500ms;
  const auto connection = make_mariadb_driver(options)->connect(Access::read_write, Deadline::in(10s));
  EXPECT_NO_THROW(connection->ping());
}

TEST_F(MariadbDeadline, OfTheServerEndsAStatementToo) {
  MariadbOptions options = database.options();
  options.statement_timeout = 50ms;
  const auto limited = support::MariadbDatabase::open(options);
  try {
    (void)limited->execute("SELECT SLEEP(60)");
    FAIL() << "it slept";
  } catch (const DeadlineExceeded& error) {
    EXPECT_THAT(error.native_code(), StartsWith("1969"));
  }
  EXPECT_EQ(limited->execute("SELECT 1").scalar<int>(), 1);
}

// Where the server's limit comes first, our own request to end the statement is still on its way.
TEST_F(MariadbDeadline, ThatMeetsTheServersOwnEndsNothingElse) {
  MariadbOptions options = database.options();
  options.statement_timeout = 150ms;
  const auto limited = support::MariadbDatabase::open(options, {.pool = {.max_size = 1, .max_overflow = 0}});
  for (int i = 0; i < 10; ++i) {
    EXPECT_THROW(
        limited->with({.deadline = 150ms}, [](Session& session) { (void)session.execute("SELECT SLEEP(60)"); }),
        DeadlineExceeded);
    EXPECT_EQ(limited->execute("SELECT SLEEP(0.05)").scalar<int>(), 0);
  }
}

TEST_F(MariadbDeadline, OfTheServerEndsAnInitStatementToo) {
  MariadbOptions options = database.options();
  options.statement_timeout = 50ms;
  options.init_statements = {"SELECT SLEEP(60)"};
  try {
    (void)support::MariadbDatabase::open(options)->execute("SELECT 1");
    FAIL() << "it slept";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.native_code(), StartsWith("1969"));
    EXPECT_THAT(error.what(), HasSubstr("init statement 1"));
  }
}

TEST_F(MariadbDeadline, CancelFromAnotherThreadEndsTheStatement) {
  const auto driver = make_mariadb_driver(database.options());
  const auto connection = driver->connect(Access::read_write, Deadline::in(30s));
  const std::jthread canceller([&] {
    if (eventually([&] { return database.is_running("SELECT SLEEP(59)"); })) connection->cancel();
  });
  const auto statement = connection->prepare("SELECT SLEEP(59)");
  const auto run = [&] {
    (void)statement->execute({}, driver::Fetching::at_once);
    while (statement->fetch()) {
    }
  };
  EXPECT_THROW(run(), DeadlineExceeded);
  statement->close();
  EXPECT_NO_THROW(connection->ping());
}

TEST_F(MariadbDeadline, IsObeyedByBigStatementsToo) {
  const std::string big(8 * 1024 * 1024, 'x');
  EXPECT_THROW(db->with({.deadline = 2s},
                        [&](Session& session) {
                          (void)session.execute("SELECT 1");
                          network.swallow_requests();
                          (void)session.execute("SELECT LENGTH(?)", big);
                        }),
               DeadlineExceeded);
}

TEST_F(MariadbDeadline, EndsWorkOfTheServerAsWellAsSleep) {
  EXPECT_TRUE(
      eventually([&] { return is_kept(*db, "SELECT COUNT(*) FROM seq_1_to_1000000 a JOIN seq_1_to_1000000 b"); }));
}

TEST_F(MariadbDeadline, EndsAStreamWhoseRowsKeepComing) {
  const auto direct = database.open();
  EXPECT_THROW(direct->with({.deadline = 300ms}, read_without_end), DeadlineExceeded);
  EXPECT_EQ(direct->execute("SELECT 1").scalar<int>(), 1);
}

TEST_F(MariadbDeadline, EndsSuchAStreamWhereTheServerCannotBeAskedToo) {
  const support::MariadbLimitedUser user(database);
  MariadbOptions options = user.options();
  for (const TlsMode mode : {TlsMode::disable, TlsMode::require}) {
    options.tls.mode = mode;
    std::unique_ptr<SqlConnectionRegistry> only;
    ASSERT_TRUE(eventually([&] { return (only = open_or_not(options)) != nullptr; }));
    EXPECT_THROW(only->with({.deadline = 300ms}, read_without_end), DeadlineExceeded);
    EXPECT_TRUE(eventually([&] { return !database.is_running("SELECT 1 FROM seq_1_to_1000000"); }));
  }
}

}  // namespace
}  // namespace core_lib::sql
