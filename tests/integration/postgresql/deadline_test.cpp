// SPDX-License-Identifier: Apache-2.0
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "integration/postgresql/account.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::backend_of;
using testing::HasSubstr;

class PostgresqlDeadline : public testing::Test {
 protected:
  PostgresqlDeadline() {
    db = support::PostgresqlSchema::open(through(network));
    db->create_db<Account>();
  }
  PostgresqlOptions through(const support::Forwarder& forwarder) const {
    PostgresqlOptions options = schema.options();
    options.hosts = {{"127.0.0.1", forwarder.port()}};
    return options;
  }

  support::PostgresqlSchema schema;
  support::Forwarder network{schema.port()};
  std::unique_ptr<SqlConnectionRegistry> db;
};

// On a busy machine the server may not end it in the moment that is left; then the connection is closed instead.
TEST_F(PostgresqlDeadline, CancelsTheStatementAndKeepsTheConnection) {
  const auto is_kept = [&] {
    const int backend = db->with(backend_of);
    try {
      db->with({.deadline = 200ms}, [](Session& session) { (void)session.execute("SELECT pg_sleep(60)"); });
      ADD_FAILURE() << "it slept";
    } catch (const DeadlineExceeded& error) {
      if (error.breaks_connection()) return false;
      EXPECT_EQ(error.native_code(), "57014");
      EXPECT_THAT(error.what(), HasSubstr("deadline"));
    }
    return db->with(backend_of) == backend;
  };
  EXPECT_TRUE(support::eventually(is_kept));
}

TEST_F(PostgresqlDeadline, EndsAWaitForALock) {
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

TEST_F(PostgresqlDeadline, DropsAConnectionWhoseServerDoesNotAnswer) {
  const int backend = db->with(backend_of);
  try {
    db->with({.deadline = 200ms}, [&](Session& session) {
      (void)session.execute("SELECT 1");
      network.swallow_requests();
      network.swallow_answers();
      (void)session.execute("SELECT 2");
    });
    FAIL() << "an answer came out of a black hole";
  } catch (const DeadlineExceeded& error) {
    EXPECT_TRUE(error.breaks_connection());
  }
  network.swallow_requests(false);
  network.swallow_answers(false);
  EXPECT_NE(db->with(backend_of), backend);
}

TEST_F(PostgresqlDeadline, EndsAConnectToAServerThatNeverAnswers) {
  support::Forwarder hole(schema.port());
  hole.swallow_requests();
  const auto driver = make_postgresql_driver(through(hole));
  EXPECT_THROW((void)driver->connect(Access::read_write, Deadline::in(100ms)), DeadlineExceeded);
  PostgresqlOptions impatient = through(hole);
  impatient.connect_timeout = 100ms;
  try {
    (void)make_postgresql_driver(impatient)->connect(Access::read_write, Deadline::never());
    FAIL() << "connected to nothing";
  } catch (const ConnectionLost& error) {
    EXPECT_THAT(error.what(), HasSubstr("no answer within 100 ms"));
  }
}

TEST_F(PostgresqlDeadline, EndsAHandshakeThatStopsInTheMiddle) {
  support::Forwarder hole(schema.port());
  hole.swallow_answers();
  PostgresqlOptions options = through(hole);
  options.tls.mode = TlsMode::require;
  EXPECT_THROW((void)make_postgresql_driver(options)->connect(Access::read_write, Deadline::in(100ms)),
               DeadlineExceeded);
}

TEST_F(PostgresqlDeadline, GoesToTheNextHostWhereOneNeverAnswers) {
  support::Forwarder hole(schema.port());
  hole.swallow_requests();
  PostgresqlOptions options = through(hole);
  options.hosts.push_back({"127.0.0.1", network.port()});
  options.connect_timeout = 500ms;
  const auto connection = make_postgresql_driver(options)->connect(Access::read_write, Deadline::in(10s));
  EXPECT_NO_THROW(connection->ping());
}

TEST_F(PostgresqlDeadline, OfTheServerEndsAStatementToo) {
  PostgresqlOptions options = schema.options();
  options.statement_timeout = 50ms;
  const auto limited = support::PostgresqlSchema::open(options);
  EXPECT_THROW(limited->execute("SELECT pg_sleep(60)"), DeadlineExceeded);
  EXPECT_EQ(limited->execute("SELECT 1").scalar<int>(), 1);
}

TEST_F(PostgresqlDeadline, CancelFromAnotherThreadEndsTheStatement) {
  const auto connection = make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(30s));
  const auto asleep = [&] {
    return !schema.administrator()
                .execute("SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(59)' AND state = 'active'")
                .empty();
  };
  const std::jthread canceller([&] {
    if (support::eventually(asleep)) connection->cancel();
  });
  EXPECT_THROW(connection->prepare("SELECT pg_sleep(59)")->execute({}, driver::Fetching::at_once), DeadlineExceeded);
  EXPECT_NO_THROW(connection->ping());
}

TEST_F(PostgresqlDeadline, IsObeyedByBigStatementsToo) {
  const std::string big(64 * 1024 * 1024, 'x');
  EXPECT_THROW(db->with({.deadline = 2s},
                        [&](Session& session) {
                          (void)session.execute("SELECT 1");
                          network.swallow_requests();
                          (void)session.execute("SELECT length($1::text)", big);
                        }),
               DeadlineExceeded);
}

}  // namespace
}  // namespace core_lib::sql
