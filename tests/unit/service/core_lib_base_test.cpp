// SPDX-License-Identifier: Apache-2.0
#include "core_lib/service/core_lib_base.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/connection/object_connection_registry.hpp"
#include "core_lib/data_access/data_access.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/service/service.hpp"

#include "support/recording_logger.hpp"

namespace core_lib {
namespace {

using support::RecordingLogger;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Events = std::vector<std::string>;

class EmptyCoreLib final : public CoreLib {
 public:
  explicit EmptyCoreLib(CoreLibOptions options = {}) : CoreLib(std::move(options)) {}
};

/// Writes down what it hears, and does more where it is told to.
class ToldListener final : public CoreLibListener {
 public:
  ToldListener(Events& events, std::string name) : events_(events), name_(std::move(name)) {}

  void on_ready() override {
    events_.push_back(name_ + " ready");
    if (when_ready) when_ready();
  }
  void on_destroy() override {
    events_.push_back(name_ + " destroy");
    if (when_destroyed) when_destroyed();
  }

  std::function<void()> when_ready{};
  std::function<void()> when_destroyed{};

 private:
  Events& events_;
  std::string name_;
};

class CoreLibTest : public ::testing::Test {
 protected:
  Events events;
  ToldListener a{events, "a"};
  ToldListener b{events, "b"};
  ToldListener c{events, "c"};
  std::shared_ptr<RecordingLogger> logger = std::make_shared<RecordingLogger>();
};

TEST_F(CoreLibTest, ListenersHearReadyAndDestroyInTheOrderTheyWereAttached) {
  Subscription first;
  Subscription second;
  {
    EmptyCoreLib core_lib;
    first = core_lib.attach(a);
    second = core_lib.attach(b);
    EXPECT_FALSE(core_lib.is_started());
    core_lib.start();
    EXPECT_TRUE(core_lib.is_started());
    EXPECT_TRUE(first);
  }
  EXPECT_THAT(events, ElementsAre("a ready", "b ready", "a destroy", "b destroy"));
  EXPECT_FALSE(first);
}

TEST_F(CoreLibTest, ListenerAttachedTwiceIsCalledTwice) {
  EmptyCoreLib core_lib;
  const Subscription first = core_lib.attach(a);
  {
    const Subscription second = core_lib.attach(a);
    core_lib.start();
  }
  core_lib.stop();
  EXPECT_THAT(events, ElementsAre("a ready", "a ready", "a destroy"));
}

TEST_F(CoreLibTest, SecondStartIsAUsageErrorAndCallsNobody) {
  EmptyCoreLib core_lib;
  core_lib.start();
  const Subscription subscription = core_lib.attach(a);
  EXPECT_THROW(core_lib.start(), UsageError);
  EXPECT_THAT(events, IsEmpty());
  EXPECT_TRUE(core_lib.is_started());
}

TEST_F(CoreLibTest, ThrowingListenerStopsTheStartWhichMayBeTriedAgain) {
  EmptyCoreLib core_lib;
  const Subscription first = core_lib.attach(a);
  const Subscription second = core_lib.attach(b);
  a.when_ready = [] { throw std::out_of_range("not yet"); };
  EXPECT_THROW(core_lib.start(), std::out_of_range);
  EXPECT_FALSE(core_lib.is_started());
  a.when_ready = nullptr;
  core_lib.start();
  EXPECT_THAT(events, ElementsAre("a ready", "a ready", "b ready"));
  EXPECT_TRUE(core_lib.is_started());
}

TEST_F(CoreLibTest, StopWorksOnceAndForGood) {
  EmptyCoreLib core_lib;
  const Subscription subscription = core_lib.attach(a);
  core_lib.stop();
  core_lib.stop();
  EXPECT_THAT(events, ElementsAre("a destroy"));
  EXPECT_THROW(core_lib.start(), UsageError);
}

TEST_F(CoreLibTest, ListenerThatFailsAtTheEndIsLoggedAndTheOthersAreCalled) {
  Subscription first;
  Subscription second;
  {
    EmptyCoreLib core_lib({.logger = logger});
    first = core_lib.attach(a);
    second = core_lib.attach(b);
    a.when_destroyed = [] { throw std::runtime_error("could not flush"); };
  }
  EXPECT_THAT(events, ElementsAre("a destroy", "b destroy"));
  EXPECT_EQ(logger->count(LogLevel::error, "could not flush"), 1U);
}

TEST_F(CoreLibTest, ListenerMayDetachItselfAndTheNextWhileItIsCalled) {
  EmptyCoreLib core_lib;
  Subscription first = core_lib.attach(a);
  Subscription second = core_lib.attach(b);
  const Subscription third = core_lib.attach(c);
  a.when_ready = [&] {
    first.reset();
    second.reset();
  };
  core_lib.start();
  core_lib.stop();
  EXPECT_THAT(events, ElementsAre("a ready", "c ready", "c destroy"));
}

TEST_F(CoreLibTest, ListenerAttachedWhileOthersAreCalledHearsWhatComesNext) {
  EmptyCoreLib core_lib;
  std::vector<Subscription> later;
  const Subscription first = core_lib.attach(a);
  a.when_ready = [&] {
    for (int i = 0; i < 100; ++i) later.push_back(core_lib.attach(b));
    later.resize(1);
  };
  core_lib.start();
  core_lib.stop();
  EXPECT_THAT(events, ElementsAre("a ready", "a destroy", "b destroy"));
}

TEST_F(CoreLibTest, ListenerMayStopTheCoreLibWhileItStarts) {
  EmptyCoreLib core_lib;
  const Subscription first = core_lib.attach(a);
  const Subscription second = core_lib.attach(b);
  a.when_ready = [&] { core_lib.stop(); };
  core_lib.start();
  EXPECT_FALSE(core_lib.is_started());
  EXPECT_THAT(events, ElementsAre("a ready", "a destroy", "b destroy"));
}

TEST_F(CoreLibTest, MovedSubscriptionStaysAttachedAndAnAssignedOneLetsGo) {
  EmptyCoreLib core_lib;
  Subscription first = core_lib.attach(a);
  Subscription moved(std::move(first));
  moved = core_lib.attach(b);
  core_lib.start();
  EXPECT_THAT(events, ElementsAre("b ready"));
}

TEST_F(CoreLibTest, ListenersComeAndGoFromManyThreads) {
  EmptyCoreLib core_lib;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      CoreLibListener own;
      for (int round = 0; round < 200; ++round) const Subscription subscription = core_lib.attach(own);
    });
  }
  core_lib.start();
  core_lib.stop();
}

// --- data sources ---

using Object = ObjectConnectionRegistry<int>;

std::shared_ptr<Object> make_registry(std::string name, ObjectCallbacks<int> callbacks = {}) {
  return std::make_shared<Object>(std::make_shared<int>(0), std::move(callbacks),
                                  ObjectRegistryOptions{.name = std::move(name)});
}

/// Tells when it is closed, and fails then.
class ToldRegistry final : public AnyConnectionRegistry {
 public:
  ToldRegistry(Events& events, std::string name) : events_(events), name_(std::move(name)) {}
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] Health ping(Deadline) override { return {.healthy = true, .server_version = "1.0"}; }
  void close(Deadline deadline) override {
    EXPECT_FALSE(deadline.is_never());
    events_.push_back(name_ + " closed");
    throw std::runtime_error("the socket is stuck");
  }

 private:
  Events& events_;
  std::string name_;
};

TEST_F(CoreLibTest, DataSourcesAreClosedAfterTheListenersLastOneFirst) {
  Subscription subscription;
  {
    EmptyCoreLib core_lib({.logger = logger});
    core_lib.own(std::make_shared<ToldRegistry>(events, "db"));
    core_lib.own(std::make_shared<ToldRegistry>(events, "search"));
    subscription = core_lib.attach(a);
  }
  EXPECT_THAT(events, ElementsAre("a destroy", "search closed", "db closed"));
  EXPECT_EQ(logger->count(LogLevel::error, "a data source could not be closed: the socket is stuck"), 2U);
}

TEST_F(CoreLibTest, HealthAsksEachDataSource) {
  EmptyCoreLib core_lib;
  const auto bad =
      make_registry("bad", {.ping = [](int&, Deadline) -> std::string { throw ConnectionLost("no route"); }});
  core_lib.own(make_registry("good"));
  core_lib.own(bad);
  core_lib.own(bad);
  const std::vector<ConnectionHealth> health = core_lib.health(Deadline::never());
  ASSERT_EQ(health.size(), 2U);
  EXPECT_EQ(health[0].name, "good");
  EXPECT_TRUE(health[0].health.healthy);
  EXPECT_EQ(health[1].name, "bad");
  EXPECT_FALSE(health[1].health.healthy);
  EXPECT_THAT(health[1].health.error, HasSubstr("no route"));
}

TEST_F(CoreLibTest, HealthAfterStopSaysThatTheSourcesAreClosed) {
  EmptyCoreLib core_lib;
  core_lib.own(make_registry("db"));
  core_lib.stop();
  const std::vector<ConnectionHealth> health = core_lib.health(Deadline::never());
  ASSERT_EQ(health.size(), 1U);
  EXPECT_FALSE(health[0].health.healthy);
}

TEST_F(CoreLibTest, OwnRefusesNullAndComesBeforeStop) {
  EmptyCoreLib core_lib;
  EXPECT_THROW(core_lib.own(std::shared_ptr<Object>()), UsageError);
  core_lib.stop();
  EXPECT_THROW(core_lib.own(make_registry("db")), UsageError);
}

// --- an application, in the shape that the documents show ---

class NumberDataAccess : public DataAccess {
 public:
  explicit NumberDataAccess(std::shared_ptr<Object> numbers) : numbers_(std::move(numbers)) {}
  int add(int more) const {
    return numbers_->with([&](int& number) { return number += more; });
  }

 private:
  std::shared_ptr<Object> numbers_;
};

class NumberService : public Service {
 public:
  explicit NumberService(NumberDataAccess numbers) : numbers_(std::move(numbers)) {}
  int add_twice(int more) const { return numbers_.add(more) + numbers_.add(more); }

 private:
  NumberDataAccess numbers_;
};

struct Settings {
  int start = 0;
};

class NumberCoreLib : public CoreLib {
 public:
  explicit NumberCoreLib(const Settings& settings)
      : number(NumberDataAccess(own(std::make_shared<Object>(std::make_shared<int>(settings.start))))) {}
  NumberService number;
};

TEST(CoreLibApplicationTest, ServicesAreBuiltFromSettingsThatAreNotKept) {
  NumberCoreLib core_lib(Settings{.start = 1});
  core_lib.start();
  EXPECT_EQ(core_lib.number.add_twice(2), 3 + 5);
  EXPECT_EQ(core_lib.connections().size(), 1U);
}

static_assert(std::is_empty_v<DataAccess> && std::is_empty_v<Service>);
static_assert(!std::is_polymorphic_v<NumberDataAccess> && std::is_copy_constructible_v<NumberService>);

}  // namespace
}  // namespace core_lib
