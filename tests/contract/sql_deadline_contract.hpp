// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "core_lib/sql/tls_options.hpp"

#include "contract/sql_contract.hpp"
#include "support/forwarder.hpp"

/// A scope returns with its deadline, whatever the network does. An engine instantiates it with
/// support::PostgresqlSchema or its like.
namespace core_lib::contract {

template <class Server>
class SqlDeadlineContract : public testing::Test {
 protected:
  using Clock = std::chrono::steady_clock;

  std::unique_ptr<SqlConnectionRegistry> open(sql::TlsMode mode) const {
    typename Server::Options options = server.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    options.tls.mode = mode;
    return Server::open(options);
  }
  /// Nothing arrives any more, on old links and on new ones.
  void vanish(bool on = true) {
    network.swallow_requests(on);
    network.swallow_answers(on);
  }
  /// Has scopes end in the trouble that `body` makes, after `before` and within so much time.
  ///
  /// Tests leave time out elsewhere, since a busy machine takes what it likes of it. This is a promise of the library:
  /// where packets vanish, a call outlives its deadline by 100 ms at most. So the quickest of several has to keep it,
  /// and none may be far from it.
  template <class Before, class Body>
  void expect_in_time(SqlConnectionRegistry& db, std::chrono::milliseconds deadline, Before before, Body body) {
    Clock::duration least = Clock::duration::max();
    for (int i = 0; i < 5; ++i) {
      (void)db.execute("SELECT 1");
      before();
      const auto start = Clock::now();
      EXPECT_ANY_THROW(db.with({.deadline = deadline}, body));
      const auto beyond = Clock::now() - start - deadline;
      EXPECT_GE(beyond, Clock::duration::zero()) << "it did not come to wait";
      EXPECT_LT(beyond, std::chrono::seconds(2));
      least = std::min(least, beyond);
      network.cut();
      vanish(false);
      network.stall_requests(false);
    }
    EXPECT_LT(least, std::chrono::milliseconds(100));
  }
  /// In clear text and encrypted.
  template <class Before, class Body>
  void expect_in_time(Before before, Body body) {
    for (const sql::TlsMode mode : {sql::TlsMode::disable, sql::TlsMode::require}) {
      SCOPED_TRACE(mode == sql::TlsMode::disable ? "in clear text" : "encrypted");
      expect_in_time(*open(mode), std::chrono::milliseconds(200), before, body);
    }
  }

  Server server;
  support::Forwarder network{server.port()};
};

TYPED_TEST_SUITE_P(SqlDeadlineContract);

inline void nothing_before() {}

TYPED_TEST_P(SqlDeadlineContract, HoldsInABlackHoleUnderAStatement) {
  this->expect_in_time(nothing_before, [this](sql::Session& session) {
    (void)session.execute("SELECT 1");
    this->vanish();
    (void)session.execute("SELECT 2");
  });
}

TYPED_TEST_P(SqlDeadlineContract, HoldsInABlackHoleUnderTheFirstStatement) {
  this->expect_in_time([this] { this->vanish(); }, [](sql::Session& session) { (void)session.execute("SELECT 1"); });
}

TYPED_TEST_P(SqlDeadlineContract, HoldsInABlackHoleUnderTheCommit) {
  this->server.open()->template create_db<Owner>();
  this->expect_in_time(nothing_before, [this](sql::Session& session) {
    session.add(Owner{0, "ada"});
    this->vanish();
  });
}

TYPED_TEST_P(SqlDeadlineContract, HoldsInABlackHoleUnderTheRollback) {
  this->server.open()->template create_db<Owner>();
  this->expect_in_time(nothing_before, [this](sql::Session& session) {
    session.add(Owner{0, "ada"});
    this->vanish();
    throw std::runtime_error("the body gives up");
  });
}

TYPED_TEST_P(SqlDeadlineContract, HoldsInABlackHoleUnderConnecting) {
  this->expect_in_time(
      [this] {
        this->vanish();
        this->network.cut();
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // what answered just now is lent without a look
      },
      [](sql::Session& session) { (void)session.execute("SELECT 1"); });
}

TYPED_TEST_P(SqlDeadlineContract, HoldsWhereABigStatementCannotBeSent) {
  // More than the buffers of sockets take, and less than MariaDB's max_allowed_packet.
  const std::string big(15 * 1024 * 1024, 'x');
  this->server.open()->template create_db<Owner>();
  const auto rename = [](sql::Session& session, const std::string& name) {
    (void)session.execute("UPDATE contract_owners SET name = ? WHERE id = 0", name);
  };
  this->expect_in_time(*this->open(sql::TlsMode::disable), std::chrono::milliseconds(500), nothing_before,
                       [&](sql::Session& session) {
                         rename(session, "prepared by now, so that only the value is to be sent");
                         this->network.stall_requests();
                         rename(session, big);
                       });
}

REGISTER_TYPED_TEST_SUITE_P(SqlDeadlineContract, HoldsInABlackHoleUnderAStatement,
                            HoldsInABlackHoleUnderTheFirstStatement, HoldsInABlackHoleUnderTheCommit,
                            HoldsInABlackHoleUnderTheRollback, HoldsInABlackHoleUnderConnecting,
                            HoldsWhereABigStatementCannotBeSent);

}  // namespace core_lib::contract
