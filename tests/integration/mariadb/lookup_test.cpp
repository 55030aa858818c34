// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/forwarder.hpp"
#include "support/held_lookups.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class MariadbLookup : public testing::Test {
 protected:
  MariadbLookup() {
    options.hosts[0].host = "localhost";
    options.tls.ca = database.server()["ca"];
  }
  std::unique_ptr<driver::Connection> connect(Deadline deadline) const {
    return make_mariadb_driver(options)->connect(Access::read_write, deadline);
  }

  support::MariadbDatabase database;
  MariadbOptions options = database.options();
};

TEST_F(MariadbLookup, ObeysTheDeadline) {
  for (const TlsMode mode : {TlsMode::require, TlsMode::verify_full}) {
    options.tls.mode = mode;
    const support::HeldLookups names;
    EXPECT_THROW((void)connect(Deadline::in(300ms)), DeadlineExceeded);
    EXPECT_EQ(names.count(), 1);
  }
}

TEST_F(MariadbLookup, OfOneNameIsOneWhoeverAsks) {
  const support::HeldLookups names;
  for (int i = 0; i < 5; ++i) EXPECT_THROW((void)connect(Deadline::in(50ms)), DeadlineExceeded);
  EXPECT_TRUE(support::eventually([&] { return names.count() > 0; }));
  EXPECT_EQ(names.count(), 1);
}

// The client library looks the name up once more where it has to find it in the certificate.
TEST_F(MariadbLookup, ObeysTheDeadlineWithinTheClientLibraryToo) {
  const support::HeldLookups names(1);
  EXPECT_THROW((void)connect(Deadline::in(300ms)), DeadlineExceeded);
  EXPECT_EQ(names.count(), 1);
}

TEST_F(MariadbLookup, ObeysConnectTimeoutAndLeavesTheNextHostItsChance) {
  options.connect_timeout = 300ms;
  const std::uint16_t port = options.hosts[0].port;
  for (const int passing : {1, 0}) {
    const support::HeldLookups names(passing);
    try {
      (void)connect(Deadline::never());
      FAIL() << "connected";
    } catch (const ConnectionLost& error) {
      EXPECT_TRUE(error.is_retryable());
      EXPECT_THAT(error.what(), HasSubstr("no answer within 300 ms"));
    }
    options.hosts.push_back({"127.0.0.1", port});
    EXPECT_NO_THROW(connect(Deadline::never())->ping());
    options.hosts.pop_back();
  }
}

// To end a statement takes a connection of its own, and so a look-up.
TEST_F(MariadbLookup, IsNoReasonToWaitForTheEndOfAStatement) {
  auto db = support::MariadbDatabase::open(options);
  (void)db->execute("SELECT 1");
  const support::HeldLookups names;
  EXPECT_THROW(db->with({.deadline = 100ms}, [](Session& session) { (void)session.execute("SELECT SLEEP(58)"); }),
               DeadlineExceeded);
  EXPECT_EQ(names.count(), 1);
  db.reset();
  EXPECT_EQ(names.count(), 1);
}

// A KILL names a connection by a number, which is somebody else's on another server. Only where the client library has
// to find the name in the certificate is it looked up again.
TEST_F(MariadbLookup, NothingIsCancelledWhereTheNameLeadsToAnotherServerByNow) {
  const support::Forwarder before(database.port());
  const support::Forwarder now(database.port(), "127.0.0.2", before.port());
  options.hosts[0].port = before.port();
  options.tls.mode = TlsMode::verify_full;
  std::unique_ptr<driver::Connection> connection;
  const auto sleep = [&] {
    connection->set_deadline(Deadline::in(300ms));
    connection->prepare("SELECT SLEEP(55)")->execute({}, driver::Fetching::at_once);
  };
  // Of a busy server the KILL may come late, and the connection is closed.
  ASSERT_TRUE(support::eventually([&] {
    connection = connect(Deadline::in(10s));
    EXPECT_THROW(sleep(), DeadlineExceeded);
    return connection->is_usable();
  }));
  const support::MovedLocalhost moved("127.0.0.2");
  EXPECT_THROW(sleep(), DeadlineExceeded);
  EXPECT_FALSE(connection->is_usable());
  EXPECT_GT(now.bytes_of_clients(), 0U);
  EXPECT_TRUE(database.is_running("SELECT SLEEP(55)"));
}

}  // namespace
}  // namespace core_lib::sql
