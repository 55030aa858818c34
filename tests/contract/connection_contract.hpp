// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/error/error.hpp"

/// What holds for every ConnectionRegistry. A data source passes it by naming a context:
///
/// ```cpp
/// INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConnectionContract, SqliteContext);
/// ```
/// A context is made anew for each test and supplies
/// - `using Registry`, the class under test, and `Registry& registry()`, always the same one, whose source is empty at
/// first;
/// - `static constexpr bool transactional`: a scope that fails leaves nothing behind;
/// - `void work(Client& client, int number)`: takes the resource if enter() did not, and leaves a trace of `number`;
/// - `bool kept(int number)`: whether that trace is there, seen from outside of any scope of the test;
/// - `int held()`: how many resources are out now: sessions, leases, sockets.
///
/// Three more suites are for those that can do what they ask for:
/// - ConcurrentScopesContract: one thread may have two scopes open at once;
/// - FailingCommitContract: `void make_commit_fail(Client& client)`: exit(nullptr) of this scope shall throw an Error;
/// - FailingRollbackContract: `void make_rollback_fail(Client& client)`: exit(failure) of this scope shall throw.
///
/// work() and kept() are called from several threads at once, each with a scope of its own.
namespace core_lib::contract {

/// No data source throws this one.
struct BodyFailure {
  int number = 7;
};

template <class Context>
class ConnectionContract : public ::testing::Test {
 protected:
  using Client = typename Context::Registry::client_type;

  static constexpr std::chrono::seconds limit{10};

  auto& registry() { return context.registry(); }
  /// A scope that does some work and succeeds.
  void keep(int number) {
    registry().with([&](Client& client) { context.work(client, number); });
  }
  /// What a test that made something fail checks last.
  void expect_usable() {
    EXPECT_EQ(context.held(), 0);
    keep(1000);
    EXPECT_TRUE(context.kept(1000));
    EXPECT_EQ(context.held(), 0);
  }
  void expect_discarded(int number) { EXPECT_FALSE(Context::transactional && context.kept(number)); }

  Context context;
};

template <class Context>
class ConcurrentScopesContract : public ConnectionContract<Context> {};
template <class Context>
class FailingCommitContract : public ConnectionContract<Context> {};
template <class Context>
class FailingRollbackContract : public ConnectionContract<Context> {};

TYPED_TEST_SUITE_P(ConnectionContract);
TYPED_TEST_SUITE_P(ConcurrentScopesContract);
TYPED_TEST_SUITE_P(FailingCommitContract);
TYPED_TEST_SUITE_P(FailingRollbackContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ConcurrentScopesContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FailingCommitContract);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FailingRollbackContract);

TYPED_TEST_P(ConnectionContract, RegistryHasAName) { EXPECT_FALSE(this->registry().name().empty()); }

TYPED_TEST_P(ConnectionContract, ScopeReturnsTheValueOfItsBody) {
  EXPECT_EQ(this->registry().with([](auto&) { return std::string("value"); }), "value");
}

TYPED_TEST_P(ConnectionContract, ResourceIsHeldFromEnterToExit) {
  EXPECT_EQ(this->context.held(), 0);
  this->registry().with([&](auto& client) {
    this->context.work(client, 1);
    EXPECT_EQ(this->context.held(), 1);
  });
  EXPECT_EQ(this->context.held(), 0);
}

TYPED_TEST_P(ConnectionContract, SuccessKeepsTheWork) {
  EXPECT_FALSE(this->context.kept(1));
  this->keep(1);
  this->keep(2);
  EXPECT_TRUE(this->context.kept(1));
  EXPECT_TRUE(this->context.kept(2));
}

TYPED_TEST_P(ConnectionContract, FailureDiscardsTheWorkAndThrowsTheVerySameException) {
  const BodyFailure* thrown = nullptr;
  try {
    this->registry().with([&](auto& client) {
      this->context.work(client, 1);
      try {
        throw BodyFailure{};
      } catch (const BodyFailure& failure) {
        thrown = &failure;
        throw;
      }
    });
    FAIL() << "nothing was thrown";
  } catch (const BodyFailure& caught) {
    EXPECT_EQ(&caught, thrown);
  }
  this->expect_discarded(1);
  this->expect_usable();
}

TYPED_TEST_P(FailingRollbackContract, FailureOfExitNeverReplacesTheBodysOwn) {
  const auto fail = [&](auto failure) {
    this->registry().with([&](auto& client) {
      this->context.work(client, 1);
      this->context.make_rollback_fail(client);
      throw failure;
    });
  };
  EXPECT_THROW(fail(BodyFailure{}), BodyFailure);
  try {
    fail(NotFoundError("body"));
    FAIL() << "nothing was thrown";
  } catch (const NotFoundError& error) {
    EXPECT_STREQ(error.what(), "body");
    EXPECT_EQ(error.suppressed().size(), 1U);
  }
  this->expect_discarded(1);
  this->expect_usable();
}

TYPED_TEST_P(FailingCommitContract, FailedCommitReachesTheCallerAndReleases) {
  bool returned = false;
  EXPECT_THROW(returned = this->registry().with([&](auto& client) {
    this->context.work(client, 1);
    this->context.make_commit_fail(client);
    return true;
  }),
               Error);
  EXPECT_FALSE(returned);
  this->expect_discarded(1);
  this->expect_usable();
}

TYPED_TEST_P(ConnectionContract, ConnectionThatIsNotEnteredHoldsNothing) {
  {
    auto connection = this->registry().get();
    EXPECT_EQ(this->context.held(), 0);
  }
  this->expect_usable();
}

TYPED_TEST_P(ConnectionContract, ConnectionDestroyedWithoutExitDiscardsItsWorkAndReleases) {
  {
    auto connection = this->registry().get();
    this->context.work(connection.enter(), 1);
  }
  this->expect_discarded(1);
  this->expect_usable();
}

TYPED_TEST_P(ConnectionContract, ConnectionDestroyedByAnExceptionDiscardsItsWorkAndReleases) {
  const auto fail = [&] {
    auto connection = this->registry().get();
    this->context.work(connection.enter(), 1);
    throw BodyFailure{};
  };
  EXPECT_THROW(fail(), BodyFailure);
  this->expect_discarded(1);
  this->expect_usable();
}

TYPED_TEST_P(ConnectionContract, ConnectionReleasesOnceWhenItIsExitedAndThenDestroyed) {
  {
    auto connection = this->registry().get();
    this->context.work(connection.enter(), 1);
    connection.exit(nullptr);
    EXPECT_EQ(this->context.held(), 0);
  }
  EXPECT_TRUE(this->context.kept(1));
  this->expect_usable();
}

TYPED_TEST_P(ConcurrentScopesContract, TwoConnectionsAreIndependent) {
  auto failing = this->registry().get();
  auto succeeding = this->registry().get();
  auto& first = failing.enter();
  auto& second = succeeding.enter();
  this->context.work(first, 1);
  this->context.work(second, 2);
  EXPECT_EQ(this->context.held(), 2);
  failing.exit(std::make_exception_ptr(BodyFailure{}));
  EXPECT_EQ(this->context.held(), 1);
  succeeding.exit(nullptr);
  this->expect_discarded(1);
  EXPECT_TRUE(this->context.kept(2));
  this->expect_usable();
}

TYPED_TEST_P(ConnectionContract, ScopesRunInManyThreads) {
  constexpr int threads = 4;
  constexpr int scopes = 25;
  std::atomic<int> failures = 0;
  {
    std::vector<std::jthread> running;
    for (int thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread] {
        for (int scope = 0; scope < scopes; ++scope) {
          try {
            this->keep(thread * scopes + scope);
          } catch (const std::exception& error) {
            ADD_FAILURE() << error.what();
            ++failures;
          }
        }
      });
    }
  }
  ASSERT_EQ(failures, 0);
  for (int number = 0; number < threads * scopes; ++number) EXPECT_TRUE(this->context.kept(number)) << number;
  EXPECT_EQ(this->context.held(), 0);
}

TYPED_TEST_P(ConnectionContract, ClosedRegistryOpensNoScope) {
  this->keep(1);
  this->registry().close(Deadline::in(TestFixture::limit));
  EXPECT_EQ(this->context.held(), 0);
  EXPECT_THROW(this->registry().with([](auto&) {}), UsageError);
  this->registry().close(Deadline::in(TestFixture::limit));
}

TYPED_TEST_P(ConnectionContract, PingOfAnOpenRegistryIsHealthy) {
  const Health health = this->registry().ping(Deadline::in(TestFixture::limit));
  EXPECT_TRUE(health.healthy);
  EXPECT_EQ(health.error, "");
  EXPECT_GE(health.latency.count(), 0);
  EXPECT_EQ(this->context.held(), 0);
}

TYPED_TEST_P(ConnectionContract, PingOfAClosedRegistryIsUnhealthyAndSaysWhy) {
  this->registry().close(Deadline::in(TestFixture::limit));
  const Health health = this->registry().ping(Deadline::in(TestFixture::limit));
  EXPECT_FALSE(health.healthy);
  EXPECT_NE(health.error, "");
}

REGISTER_TYPED_TEST_SUITE_P(ConnectionContract, RegistryHasAName, ScopeReturnsTheValueOfItsBody,
                            ResourceIsHeldFromEnterToExit, SuccessKeepsTheWork,
                            FailureDiscardsTheWorkAndThrowsTheVerySameException, ConnectionThatIsNotEnteredHoldsNothing,
                            ConnectionDestroyedWithoutExitDiscardsItsWorkAndReleases,
                            ConnectionDestroyedByAnExceptionDiscardsItsWorkAndReleases,
                            ConnectionReleasesOnceWhenItIsExitedAndThenDestroyed, ScopesRunInManyThreads,
                            ClosedRegistryOpensNoScope, PingOfAnOpenRegistryIsHealthy,
                            PingOfAClosedRegistryIsUnhealthyAndSaysWhy);
REGISTER_TYPED_TEST_SUITE_P(ConcurrentScopesContract, TwoConnectionsAreIndependent);
REGISTER_TYPED_TEST_SUITE_P(FailingCommitContract, FailedCommitReachesTheCallerAndReleases);
REGISTER_TYPED_TEST_SUITE_P(FailingRollbackContract, FailureOfExitNeverReplacesTheBodysOwn);

}  // namespace core_lib::contract
