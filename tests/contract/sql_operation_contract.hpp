// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/sql_contract.hpp"
#include "support/caught.hpp"
#include "support/eventually.hpp"
#include "support/forwarder.hpp"
#include "support/recording_logger.hpp"
#include "support/recording_observer.hpp"
#include "support/service.hpp"

/// The pool in operation, on a real server: what ends connections costs nobody more than the statements that are under
/// way, and nobody waits for what is done for another. An engine instantiates it with support::PostgresqlSchema or its
/// like, which tell how their server is met.
namespace core_lib::contract {

template <class Server>
class SqlOperationContract : public testing::Test {
 protected:
  using Options = typename Server::Options;

  /// Options that lead through a network which can be watched and broken.
  Options through(const support::Forwarder& network) const {
    Options options = server.options();
    options.hosts = {{"127.0.0.1", network.port()}};
    return options;
  }
  static std::int64_t connection_of(SqlConnectionRegistry& db) { return db.with(Server::connection_of); }
  /// Waits until the end of all links has arrived here. What answered a moment ago is not looked after again, hence the
  /// pause, which leaves the kernel time too.
  static void await_end_of_links(const support::Forwarder& network) {
    EXPECT_TRUE(support::eventually([&] { return network.links() == 0; }));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  /// A single look is to find the end of an idle link: none of these is asked for a sign of life.
  static SqlOptions never_asked() { return {.pool = {.validate_after_idle = std::chrono::hours(1)}}; }
  static PoolStatistics statistics(const SqlConnectionRegistry& db) { return *db.pool_statistics(); }
  /// So many connections that are open and free.
  static std::vector<std::int64_t> open_idle(SqlConnectionRegistry& db, std::size_t count) {
    if (count == 0) return {};
    auto scope = db.get(sql::ScopeOptions{});
    const std::int64_t connection = Server::connection_of(scope.enter());
    std::vector<std::int64_t> connections = open_idle(db, count - 1);
    connections.push_back(connection);
    scope.exit(nullptr);
    return connections;
  }

  Server server;
  std::unique_ptr<SqlConnectionRegistry> db = server.open();
};

TYPED_TEST_SUITE_P(SqlOperationContract);

using namespace std::chrono_literals;
using support::caught;
using support::eventually;
using testing::AllOf;
using testing::Not;

/// A line of this file as messages tell it.
inline std::string here(int line) { return "sql_operation_contract.hpp:" + std::to_string(line); }

TYPED_TEST_P(SqlOperationContract, AnIdleConnectionThatIsKilledCostsNobodyAnything) {
  support::Forwarder network(this->server.port());
  const auto pooled = TypeParam::open(this->through(network), this->never_asked());
  for (const Access access : {Access::read_write, Access::read_only}) {
    const std::int64_t connection = pooled->with({.access = access}, TypeParam::connection_of);
    this->server.kill(connection);
    this->await_end_of_links(network);
    EXPECT_NO_THROW(EXPECT_NE(pooled->with({.access = access}, TypeParam::connection_of), connection));
  }
}

TYPED_TEST_P(SqlOperationContract, IdleConnectionsThatTheNetworkCutsCostNobodyAnything) {
  support::Forwarder network(this->server.port());
  const auto pooled = TypeParam::open(this->through(network), this->never_asked());
  const std::vector<std::int64_t> older = this->open_idle(*pooled, 3);
  network.cut();
  this->await_end_of_links(network);
  EXPECT_NO_THROW({
    for (const std::int64_t now : this->open_idle(*pooled, 3)) EXPECT_THAT(older, Not(testing::Contains(now)));
  });
}

TYPED_TEST_P(SqlOperationContract, AnIdleConnectionThatTheServerEndsIsSeenBeforeItIsLent) {
  support::Forwarder network(this->server.port());
  const auto pooled = TypeParam::open(this->through(network), this->never_asked());
  const std::int64_t connection = pooled->with([](sql::Session& session) {
    (void)session.execute(TypeParam::limit_of_idleness);
    return TypeParam::connection_of(session);
  });
  this->await_end_of_links(network);
  EXPECT_NO_THROW(EXPECT_NE(this->connection_of(*pooled), connection));
}

TYPED_TEST_P(SqlOperationContract, OneThatIsLostReplacesItsOlderSisters) {
  const std::vector<std::int64_t> older = this->open_idle(*this->db, 3);
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    this->server.kill(TypeParam::connection_of(session));
    (void)session.execute("SELECT 1");
  }),
               ConnectionLost);
  for (const std::int64_t now : this->open_idle(*this->db, 3)) EXPECT_THAT(older, testing::Not(testing::Contains(now)));
}

TYPED_TEST_P(SqlOperationContract, AStatementUnderWayIsLostAndWorthAnotherTry) {
  std::jthread killer;
  const auto error = caught<ConnectionLost>([&] {
    this->db->with([&](sql::Session& session) {
      killer = std::jthread([this, connection = TypeParam::connection_of(session)] {
        if (eventually([&] { return this->server.is_busy(connection); })) this->server.kill(connection);
      });
      (void)session.execute(TypeParam::long_statement);
    });
    return 0;
  });
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_EQ(this->db->execute("SELECT 1").template scalar<int>(), 1);
}

TYPED_TEST_P(SqlOperationContract, ARestartOfTheServerCostsOnlyThoseInTheMiddleOfSomething) {
  support::OwnService own(TypeParam::service);
  const auto restarted = TypeParam::open(TypeParam::options_of(own), {.pool = {.max_size = 8}});
  restarted->template create_db<Owner>();
  const std::vector<std::int64_t> before = this->open_idle(*restarted, 8);
  EXPECT_THROW(restarted->with([&](sql::Session& session) {
    session.add(Owner{0, "lost"});
    own.run("crash");
    own.run("resume");
    session.add(Owner{0, "never sent"});
  }),
               ConnectionLost);
  std::atomic<int> stored = 0;
  {
    std::vector<std::jthread> borrowers;
    for (int i = 0; i < 8; ++i) {
      borrowers.emplace_back([&, i] {
        EXPECT_NO_THROW(restarted->with([&](sql::Session& session) { session.add(Owner{0, std::to_string(i)}); }));
        ++stored;
      });
    }
  }
  EXPECT_EQ(stored, 8);
  EXPECT_EQ(restarted->with([](sql::Session& session) { return session.query<Owner>().count(); }), 8);
}

TYPED_TEST_P(SqlOperationContract, NobodyWaitsForTheConnectOfAnother) {
  support::Forwarder network(this->server.port());
  auto options = this->through(network);
  options.connect_timeout = 60s;
  const auto pooled = TypeParam::open(options, {.pool = {.max_size = 2}});
  auto scope = pooled->get(sql::ScopeOptions{});
  (void)TypeParam::connection_of(scope.enter());
  network.hold_new_links();
  std::atomic<bool> served = false;
  std::jthread borrower([&] {
    (void)this->connection_of(*pooled);
    served = true;
  });
  EXPECT_TRUE(eventually([&] { return this->statistics(*pooled).connecting == 1; }));
  EXPECT_FALSE(served);
  scope.exit(nullptr);
  EXPECT_TRUE(eventually([&] { return served.load(); })) << "it waits for its own connect, which hangs";
  EXPECT_EQ(this->statistics(*pooled).connecting, 1U);
  EXPECT_NO_THROW((void)this->connection_of(*pooled));
  network.hold_new_links(false);
}

TYPED_TEST_P(SqlOperationContract, NobodyWaitsForTheCloseOfAnother) {
  struct Witness final : Observer {
    void pool_changed(const PoolEvent& event) noexcept override {
      if (event.kind == PoolEvent::Kind::closed) closer = std::this_thread::get_id();
    }
    std::atomic<std::thread::id> closer{};
  };
  const auto witness = std::make_shared<Witness>();
  support::Forwarder network(this->server.port());
  const auto pooled =
      TypeParam::open(this->through(network), {.pool = {.max_size = 1, .max_overflow = 0}, .observer = witness});
  const std::int64_t hanging = this->connection_of(*pooled);
  network.forget_open_links();  // so that no goodbye arrives, nor its answer
  EXPECT_THROW(pooled->with({.deadline = 100ms}, [](sql::Session& session) { (void)session.execute("SELECT 1"); }),
               DeadlineExceeded);
  EXPECT_NE(pooled->with({.deadline = 10s}, TypeParam::connection_of), hanging);
  EXPECT_EQ(this->statistics(*pooled).total, 1U);
  // However long it took: neither he who lost it nor he who came next has closed it.
  EXPECT_TRUE(eventually([&] { return witness->closer.load() != std::thread::id(); }));
  EXPECT_NE(witness->closer.load(), std::this_thread::get_id());
}

TYPED_TEST_P(SqlOperationContract, AServerThatIsFullIsSaidAndCostsTheOthersNothing) {
  const support::OwnService own(TypeParam::service, "start", TypeParam::few_connections);
  const auto pooled = TypeParam::open(TypeParam::options_of(own), {.pool = {.max_size = 20}});
  const std::int64_t first = this->connection_of(*pooled);
  const auto error = caught<ConnectionLost>([&] { return this->open_idle(*pooled, 20); });
  EXPECT_TRUE(error.is_retryable());
  EXPECT_THAT(error.native_code(), testing::StartsWith(TypeParam::no_connection_left));
  EXPECT_THAT(error.what(), AllOf(HasSubstr("max_connections"), HasSubstr("pool_size")));
  const std::vector<std::int64_t> opened = this->open_idle(*pooled, 4);
  EXPECT_THAT(opened, testing::Contains(first));
  EXPECT_EQ(this->statistics(*pooled).connect_failures, 1U);
}

TYPED_TEST_P(SqlOperationContract, ATimeoutTellsTheFiguresTheLastFailureAndWhoHoldsOn) {
  support::Forwarder network(this->server.port());
  auto options = this->through(network);
  options.connect_timeout = 2s;
  const auto pooled = TypeParam::open(options, {.pool = {.max_size = 1, .max_overflow = 1}});
  auto scope = pooled->get(sql::ScopeOptions{});
  const std::string place = here(__LINE__ - 1);
  (void)TypeParam::connection_of(scope.enter());
  network.hold_new_links();
  const auto in_another_thread = [&](std::chrono::milliseconds deadline) {
    std::string message;
    std::jthread([&] {
      try {
        pooled->with({.deadline = deadline}, TypeParam::connection_of);
      } catch (const PoolTimeout& error) {
        message = error.what();
      } catch (const Error& error) {
        message = std::string("no timeout: ") + error.what();
      }
    }).join();
    return message;
  };
  EXPECT_THAT(in_another_thread(10s), HasSubstr("no timeout: "));  // its own connect fails, and is its answer
  const std::string message = in_another_thread(10ms);
  EXPECT_THAT(message, AllOf(HasSubstr("1 of at most 2 in use"), HasSubstr("no answer within 2000 ms"),
                             HasSubstr(place), Not(HasSubstr("secret"))));
  const PoolStatistics figures = this->statistics(*pooled);
  EXPECT_EQ(figures.timeouts, 1U);
  EXPECT_GE(figures.connect_failures, 1U);
  EXPECT_THAT(figures.last_connect_error, HasSubstr("no answer within 2000 ms"));
  network.hold_new_links(false);
  scope.exit(nullptr);
}

TYPED_TEST_P(SqlOperationContract, AScopeThatStaysOpenIsReportedWithItsPlace) {
  const auto log = std::make_shared<support::RecordingLogger>();
  const auto watched = this->server.open(SqlOptions{.pool = {.leak_threshold = 20ms}, .logger = log});
  {
    auto scope = watched->get(sql::ScopeOptions{});
    const std::string place = here(__LINE__ - 1);
    (void)TypeParam::connection_of(scope.enter());
    EXPECT_TRUE(eventually([&] { return log->count(LogLevel::warning, place) == 1; })) << place;
    EXPECT_EQ(this->statistics(*watched).leaks, 1U);
    scope.exit(nullptr);
  }
  EXPECT_EQ(log->count(LogLevel::info, "came back"), 1U);
}

TYPED_TEST_P(SqlOperationContract, TheMinimumIsOpenedInTheBackgroundAndEachIsTold) {
  const auto observer = std::make_shared<support::RecordingObserver>();
  const auto warm = this->server.open(SqlOptions{.pool = {.max_size = 4, .min_idle = 3}, .observer = observer});
  EXPECT_TRUE(eventually([&] { return this->statistics(*warm).idle >= 3; }));
  const auto opened = [&] { return observer->count(PoolEvent::Kind::connected); };
  EXPECT_GE(opened(), 3U);
  EXPECT_THROW(warm->with([&](sql::Session& session) {
    this->server.kill(TypeParam::connection_of(session));
    (void)session.execute("SELECT 1");
  }),
               ConnectionLost);
  EXPECT_TRUE(eventually([&] { return opened() >= 6; })) << "the others are replaced before somebody asks";
}

TYPED_TEST_P(SqlOperationContract, CloseWaitsForScopesAndTellsAtItsDeadlineWhoHoldsOn) {
  auto scope = this->db->get(sql::ScopeOptions{});
  const std::string place = here(__LINE__ - 1);
  const std::int64_t connection = TypeParam::connection_of(scope.enter());
  std::string message;
  std::jthread([&] {
    message = caught<DeadlineExceeded>([&] {
                this->db->close(Deadline::in(50ms));
                return 0;
              }).what();
  }).join();
  EXPECT_THAT(message, AllOf(HasSubstr("1 in use"), HasSubstr(place)));
  EXPECT_THROW(this->db->with(TypeParam::connection_of), UsageError);
  EXPECT_NO_THROW(scope.exit(nullptr)) << "what was begun may end";
  this->server.await_end_of(connection);
  EXPECT_EQ(this->statistics(*this->db).total, 0U);
}

REGISTER_TYPED_TEST_SUITE_P(SqlOperationContract, AnIdleConnectionThatIsKilledCostsNobodyAnything,
                            IdleConnectionsThatTheNetworkCutsCostNobodyAnything,
                            AnIdleConnectionThatTheServerEndsIsSeenBeforeItIsLent, OneThatIsLostReplacesItsOlderSisters,
                            AStatementUnderWayIsLostAndWorthAnotherTry,
                            ARestartOfTheServerCostsOnlyThoseInTheMiddleOfSomething, NobodyWaitsForTheConnectOfAnother,
                            NobodyWaitsForTheCloseOfAnother, AServerThatIsFullIsSaidAndCostsTheOthersNothing,
                            ATimeoutTellsTheFiguresTheLastFailureAndWhoHoldsOn,
                            AScopeThatStaysOpenIsReportedWithItsPlace, TheMinimumIsOpenedInTheBackgroundAndEachIsTold,
                            CloseWaitsForScopesAndTellsAtItsDeadlineWhoHoldsOn);

}  // namespace core_lib::contract
