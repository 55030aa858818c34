// SPDX-License-Identifier: Apache-2.0
#include "core_lib/connection/run_scope.hpp"

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include "core_lib/connection/connection.hpp"
#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/error/error.hpp"

#include "support/recording_logger.hpp"

namespace core_lib {
namespace {

using support::RecordingLogger;
using ::testing::ElementsAre;

struct Session {
  std::vector<std::string>* events;
};

/// Tells what happens to it, and fails where it is told to.
class ToldConnection final : public Connection<Session> {
 public:
  explicit ToldConnection(std::vector<std::string>& events) : session_{&events} {}

  Session& enter() override {
    session_.events->push_back("enter");
    if (enter_fails) throw ConnectionLost("no server");
    return session_;
  }
  void exit(std::exception_ptr failure) override {
    last_failure = failure;
    session_.events->push_back(failure == nullptr ? "exit" : "exit failed");
    if (exit_throws) exit_throws();
  }

  bool enter_fails = false;
  std::function<void()> exit_throws{};
  std::exception_ptr last_failure{};

 private:
  Session session_;
};

class RunScopeTest : public ::testing::Test {
 protected:
  std::vector<std::string> events;
  ToldConnection connection{events};
  RecordingLogger logger;
};

TEST_F(RunScopeTest, BodyRunsBetweenEnterAndExit) {
  const int value = run_scope(connection, [](Session& session) {
    session.events->push_back("body");
    return 7;
  });
  EXPECT_EQ(value, 7);
  EXPECT_THAT(events, ElementsAre("enter", "body", "exit"));
}

TEST_F(RunScopeTest, BodyMayReturnNothing) {
  run_scope(connection, [](Session& session) { session.events->push_back("body"); });
  EXPECT_THAT(events, ElementsAre("enter", "body", "exit"));
}

TEST_F(RunScopeTest, BodyMayReturnAMoveOnlyValue) {
  EXPECT_EQ(*run_scope(connection, [](Session&) { return std::make_unique<int>(7); }), 7);
}

TEST_F(RunScopeTest, TheValueIsMadeWhereTheCallerKeepsIt) {
  struct Placed {
    Placed() = default;
    Placed(Placed&& other) noexcept : moves(other.moves + 1) {}
    int moves = 0;
  };
  EXPECT_EQ(run_scope(connection, [](Session&) { return Placed(); }).moves, 0);
}

TEST_F(RunScopeTest, ConnectionIsSeenThroughItsBase) {
  Connection<Session>& base = connection;
  EXPECT_EQ(run_scope(base, [](Session&) { return 7; }), 7);
  EXPECT_THAT(events, ElementsAre("enter", "exit"));
}

TEST_F(RunScopeTest, FailedEnterIsNotExited) {
  connection.enter_fails = true;
  EXPECT_THROW(run_scope(connection, [](Session&) { FAIL() << "the body ran"; }), ConnectionLost);
  EXPECT_THAT(events, ElementsAre("enter"));
}

TEST_F(RunScopeTest, ExceptionOfBodyReachesExitAndCallerAsTheSameObject) {
  const std::runtime_error* thrown = nullptr;
  const std::runtime_error* caught = nullptr;
  const std::runtime_error* seen_by_exit = nullptr;
  try {
    run_scope(connection, [&](Session&) {
      try {
        throw std::runtime_error("body");
      } catch (const std::runtime_error& error) {
        thrown = &error;
        throw;
      }
    });
  } catch (const std::runtime_error& error) {
    caught = &error;
  }
  try {
    std::rethrow_exception(connection.last_failure);
  } catch (const std::runtime_error& error) {
    seen_by_exit = &error;
  }
  ASSERT_NE(thrown, nullptr);
  EXPECT_EQ(caught, thrown);
  EXPECT_EQ(seen_by_exit, thrown);
  EXPECT_THAT(events, ElementsAre("enter", "exit failed"));
}

TEST_F(RunScopeTest, WhatIsNoStdExceptionPassesToo) {
  EXPECT_THROW(run_scope(connection, [](Session&) { throw 7; }), int);
  EXPECT_THAT(events, ElementsAre("enter", "exit failed"));
}

TEST_F(RunScopeTest, FailedExitOfAFailedScopeIsLoggedAndAttached) {
  connection.exit_throws = [] { throw ConnectionLost("rollback got no answer"); };
  try {
    run_scope(connection, [](Session&) -> int { throw UsageError("body"); }, &logger);
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "body");
    EXPECT_THAT(error.suppressed(), ElementsAre("a failed scope could not be ended cleanly: rollback got no answer"));
  }
  EXPECT_EQ(logger.count(LogLevel::error, "rollback got no answer"), 1U);
}

TEST_F(RunScopeTest, FailedExitOfAForeignFailureIsLoggedAlone) {
  connection.exit_throws = [] { throw 7; };
  EXPECT_THROW(run_scope(connection, [](Session&) { throw std::out_of_range("body"); }, &logger), std::out_of_range);
  EXPECT_EQ(logger.count(LogLevel::error, "something that is no std::exception"), 1U);
}

TEST_F(RunScopeTest, FailedExitOfASuccessReachesTheCallerAndTheValueIsGone) {
  connection.exit_throws = [] { throw CommitFailed("no"); };
  const auto alive = std::make_shared<int>(7);
  std::shared_ptr<int> value;
  EXPECT_THROW(value = run_scope(connection, [&](Session&) { return alive; }, &logger), CommitFailed);
  EXPECT_EQ(value, nullptr);
  EXPECT_EQ(alive.use_count(), 1);
  EXPECT_THAT(events, ElementsAre("enter", "exit"));
  EXPECT_TRUE(logger.entries().empty());
}

TEST_F(RunScopeTest, AbandonedScopeIsExitedAsAFailureAndNeverThrows) {
  connection.exit_throws = [] { throw ConnectionLost("gone"); };
  connection.enter();
  abandon_scope(connection, &logger);
  EXPECT_THAT(events, ElementsAre("enter", "exit failed"));
  EXPECT_THROW(std::rethrow_exception(connection.last_failure), UsageError);
  EXPECT_EQ(logger.count(LogLevel::error, "an abandoned scope could not be ended cleanly: gone"), 1U);
}

// glibc cancels a thread by unwinding it with an exception that std::current_exception() cannot hold.
TEST_F(RunScopeTest, CancelledThreadFailsItsScope) {
  pthread_t thread{};
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void* told) -> void* {
                  run_scope(*static_cast<ToldConnection*>(told), [](Session&) {
                    pthread_cancel(pthread_self());
                    pthread_testcancel();
                  });
                  return nullptr;
                },
                &connection),
            0);
  ASSERT_EQ(pthread_join(thread, nullptr), 0);
  EXPECT_THAT(events, ElementsAre("enter", "exit failed"));
}

/// Its connections are neither copied nor moved: get() builds each where with() keeps it.
class ToldRegistry final : public ConnectionRegistry<ToldConnection> {
 public:
  using ConnectionRegistry::ConnectionRegistry;
  ToldConnection get() override { return ToldConnection(events); }
  [[nodiscard]] std::string_view name() const noexcept override { return "told"; }
  [[nodiscard]] Health ping(Deadline) override { return {.healthy = true}; }
  void close(Deadline) override {}

  std::vector<std::string> events;
};

static_assert(!std::is_move_constructible_v<ToldConnection>);

TEST(ConnectionRegistryTest, WithOpensAConnectionOfItsOwnEachTime) {
  ToldRegistry registry;
  EXPECT_EQ(registry.with([](Session&) { return 1; }) + registry.with([](Session&) { return 2; }), 3);
  EXPECT_THAT(registry.events, ElementsAre("enter", "exit", "enter", "exit"));
}

TEST(ConnectionRegistryTest, RegistryWithoutAPoolHasNoStatistics) {
  EXPECT_EQ(ToldRegistry().pool_statistics(), std::nullopt);
}

TEST(ConnectionRegistryTest, IsARegistryOfConnections) {
  ToldRegistry registry;
  Registry<ToldConnection>& base = registry;
  ToldConnection connection = base.get();
  EXPECT_EQ(run_scope(connection, [](Session&) { return 7; }), 7);
}

struct Cursor {
  using is_scope_bound = void;
};
template <class T>
struct Rows {
  using is_scope_bound = void;
};

static_assert(is_scope_bound<Cursor> && is_scope_bound<const Cursor&> && is_scope_bound<Cursor*>);
static_assert(is_scope_bound<Rows<int>> && is_scope_bound<std::optional<Rows<int>>>);
static_assert(is_scope_bound<std::optional<Cursor>> && is_scope_bound<std::vector<Cursor>>);
static_assert(is_scope_bound<std::unique_ptr<Cursor>> && is_scope_bound<std::array<Cursor, 2>>);
static_assert(is_scope_bound<std::pair<int, std::vector<const Cursor*>>>);
static_assert(!is_scope_bound<int> && !is_scope_bound<std::string> && !is_scope_bound<std::optional<std::string>>);
static_assert(!is_scope_bound<std::map<std::string, std::vector<int>>> && !is_scope_bound<std::function<int(int)>>);

}  // namespace
}  // namespace core_lib
