// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/held_lookups.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::sql {
namespace {

using namespace std::chrono_literals;
using support::backend_of;
using support::eventually;
using testing::HasSubstr;

class PostgresqlLookup : public testing::Test {
 protected:
  PostgresqlLookup() {
    options.hosts[0].host = "localhost";
    options.tls.ca = schema.server()["ca"];
  }
  std::unique_ptr<driver::Connection> connect(Deadline deadline) const {
    return make_postgresql_driver(options)->connect(Access::read_write, deadline);
  }

  support::PostgresqlSchema schema;
  PostgresqlOptions options = schema.options();
};

TEST_F(PostgresqlLookup, ObeysTheDeadline) {
  const support::HeldLookups names;
  EXPECT_THROW((void)connect(Deadline::in(300ms)), DeadlineExceeded);
  EXPECT_EQ(names.count(), 1);
}

TEST_F(PostgresqlLookup, ObeysConnectTimeoutAndLeavesTheNextHostItsChance) {
  options.connect_timeout = 300ms;
  const support::HeldLookups names;
  try {
    (void)connect(Deadline::never());
    FAIL() << "connected";
  } catch (const ConnectionLost& error) {
    EXPECT_TRUE(error.is_retryable());
    EXPECT_THAT(error.what(), HasSubstr("no answer within 300 ms"));
  }
  options.hosts.push_back({"127.0.0.1", schema.port()});
  EXPECT_NO_THROW(connect(Deadline::never())->ping());
}

// libpq goes to the address that was found for us; the name is what the certificate has to hold.
TEST_F(PostgresqlLookup, IsDoneOnceForAConnectionAndForTheEndOfItsStatements) {
  const support::HeldLookups names(1);
  const auto db = support::PostgresqlSchema::open(options);
  const int backend = db->with(backend_of);
  EXPECT_TRUE(eventually([&] {
    EXPECT_THROW(db->with({.deadline = 200ms}, [](Session& session) { (void)session.execute("SELECT pg_sleep(58)"); }),
                 DeadlineExceeded);
    return names.count() != 0 || db->with(backend_of) == backend;
  }));
  EXPECT_EQ(names.count(), 0);
}

}  // namespace
}  // namespace core_lib::sql
