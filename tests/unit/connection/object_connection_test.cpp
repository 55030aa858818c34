// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/connection/object_connection_registry.hpp"
#include "core_lib/error/error.hpp"

#include "support/recording_logger.hpp"

namespace core_lib {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Mailer {
  std::vector<std::string> sent{};
};

TEST(ObjectConnectionTest, WithoutCallbacksEveryScopeGetsTheObjectItself) {
  const auto mailer = std::make_shared<Mailer>();
  ObjectConnectionRegistry<Mailer> registry(mailer);
  EXPECT_TRUE(registry.with([&](Mailer& client) { return &client.sent == &mailer->sent; }));
  EXPECT_EQ(registry.object(), mailer);
}

TEST(ObjectConnectionTest, OpenMakesAClientForEachScopeAndCloseEndsIt) {
  std::vector<std::string> events;
  ObjectConnectionRegistry<Mailer> registry(
      std::make_shared<Mailer>(),
      {.open =
           [&](Mailer&) {
             events.push_back("open");
             return std::make_shared<Mailer>();
           },
       .close =
           [&](Mailer& client, std::exception_ptr failure) {
             events.push_back(client.sent.at(0) + (failure == nullptr ? " kept" : " dropped"));
           }});
  registry.with([](Mailer& client) { client.sent.push_back("a"); });
  EXPECT_THROW(registry.with([](Mailer& client) {
    client.sent.push_back("b");
    throw std::runtime_error("body");
  }),
               std::runtime_error);
  EXPECT_THAT(events, ElementsAre("open", "a kept", "open", "b dropped"));
  EXPECT_TRUE(registry.object()->sent.empty());
}

TEST(ObjectConnectionTest, GetTakesNothingBeforeEnter) {
  int opened = 0;
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>(), {.open = [&](Mailer&) {
                                              ++opened;
                                              return std::make_shared<Mailer>();
                                            }});
  {
    const ObjectConnection<Mailer> unused = registry.get();
  }
  EXPECT_EQ(opened, 0);
}

TEST(ObjectConnectionTest, ConnectionServesOneScope) {
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>());
  ObjectConnection<Mailer> connection = registry.get();
  EXPECT_THROW(connection.exit(nullptr), UsageError);
  connection.enter();
  EXPECT_THROW(connection.enter(), UsageError);
  connection.exit(nullptr);
  EXPECT_THROW(connection.exit(nullptr), UsageError);
  EXPECT_THROW(connection.enter(), UsageError);
}

TEST(ObjectConnectionTest, OpenThatReturnsNothingIsAUsageError) {
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>(),
                                            {.open = [](Mailer&) { return std::shared_ptr<Mailer>(); }});
  EXPECT_THROW(registry.with([](Mailer&) {}), UsageError);
}

TEST(ObjectConnectionTest, AbandonedScopeIsClosedAsAFailureAndItsErrorIsLogged) {
  const auto logger = std::make_shared<support::RecordingLogger>();
  std::exception_ptr seen;
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>(),
                                            {.close =
                                                 [&](Mailer&, std::exception_ptr failure) {
                                                   seen = failure;
                                                   throw std::runtime_error("close failed");
                                                 }},
                                            {.logger = logger});
  {
    ObjectConnection<Mailer> connection = registry.get();
    connection.enter();
  }
  EXPECT_THROW(std::rethrow_exception(seen), UsageError);
  EXPECT_EQ(logger->count(LogLevel::error, "close failed"), 1U);
}

TEST(ObjectConnectionTest, ClosedRegistryNamesItselfAndLetsRunningScopesEnd) {
  std::weak_ptr<Mailer> watched;
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>(), {}, {.name = "mail"});
  watched = registry.object();
  registry.with([&](Mailer& client) {
    registry.close(Deadline::never());
    EXPECT_FALSE(watched.expired());
    client.sent.push_back("still works");
  });
  EXPECT_TRUE(watched.expired());
  try {
    registry.with([](Mailer&) {});
    FAIL() << "nothing was thrown";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "cannot open a scope: the registry \"mail\" is closed");
  }
}

TEST(ObjectConnectionTest, ConnectionMayOutliveItsRegistry) {
  auto registry = std::make_unique<ObjectConnectionRegistry<Mailer>>(
      std::make_shared<Mailer>(),
      ObjectCallbacks<Mailer>{.close = [](Mailer& client, std::exception_ptr) { client.sent.clear(); }});
  ObjectConnection<Mailer> connection = registry->get();
  registry.reset();
  connection.enter().sent.push_back("a");
  connection.exit(nullptr);
}

TEST(ObjectConnectionTest, PingAsksTheObjectAndTellsWhatItSays) {
  bool up = true;
  ObjectConnectionRegistry<Mailer> registry(std::make_shared<Mailer>(), {.ping = [&](Mailer&, Deadline) -> std::string {
                                              if (!up) throw std::runtime_error("no route to the mail host");
                                              return "mailer 1.2";
                                            }});
  const Health healthy = registry.ping(Deadline::never());
  EXPECT_TRUE(healthy.healthy);
  EXPECT_EQ(healthy.server_version, "mailer 1.2");
  up = false;
  const Health unhealthy = registry.ping(Deadline::never());
  EXPECT_FALSE(unhealthy.healthy);
  EXPECT_THAT(unhealthy.error, HasSubstr("no route to the mail host"));
}

TEST(ObjectConnectionTest, NullObjectIsRefused) {
  EXPECT_THROW(ObjectConnectionRegistry<Mailer>(std::shared_ptr<Mailer>()), UsageError);
}

}  // namespace
}  // namespace core_lib
