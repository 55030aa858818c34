// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/protocol.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

#include "unit/neo4j/bolt/dialogue.hpp"

namespace core_lib::neo4j::bolt {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

/// Writes down what it is told.
class Recorder final : public ResponseHandler {
 public:
  void on_record(std::span<const std::byte> row) override {
    events.push_back("record of " + std::to_string(packstream::Unpacker(row).list_header()));
  }
  void on_success(packstream::Unpacker metadata) override {
    events.push_back("success of " + std::to_string(metadata.map_header()));
  }
  void on_failure(const std::shared_ptr<const ServerFailure>& told) override {
    events.push_back("failure");
    failure = told;
  }
  void on_ignored() override { events.push_back("ignored"); }

  std::vector<std::string> events;
  std::shared_ptr<const ServerFailure> failure;
};

std::vector<std::string> keys_of(const Value& map) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : map.get<Map>()) keys.push_back(key);
  return keys;
}

Map hello_of(Version version) {
  Protocol protocol(version);
  const AuthToken token = AuthToken::basic("neo4j", "secret");
  NotificationFilter filter;
  filter.minimum_severity = "WARNING";
  protocol.hello({.user_agent = "test/1",
                  .notifications = protocol.features().notification_filter ? &filter : nullptr,
                  .auth = &token},
                 std::make_shared<Recorder>());
  const auto sent = sent_by(protocol);
  EXPECT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].tag, 0x01);
  return sent[0].fields[0].get<Map>();
}

TEST(ProtocolTest, HelloIsPutTogetherByVersion) {
  EXPECT_THAT(keys_of(hello_of({4, 4})),
              UnorderedElementsAre("user_agent", "scheme", "principal", "credentials", "patch_bolt"));
  EXPECT_THAT(keys_of(hello_of({5, 0})), UnorderedElementsAre("user_agent", "scheme", "principal", "credentials"));
  EXPECT_THAT(keys_of(hello_of({5, 1})), UnorderedElementsAre("user_agent"));
  EXPECT_THAT(keys_of(hello_of({5, 2})), UnorderedElementsAre("user_agent", "notifications_minimum_severity"));
  EXPECT_THAT(keys_of(hello_of({5, 3})),
              UnorderedElementsAre("user_agent", "bolt_agent", "notifications_minimum_severity"));
  EXPECT_THAT(keys_of(hello_of({5, 3}).at("bolt_agent")), UnorderedElementsAre("product", "platform", "language"));
}

TEST(ProtocolTest, ATokenHasWhatItsSchemeAsksFor) {
  const std::pair<AuthToken, Map> tokens[] = {
      {AuthToken::none(), {{"scheme", "none"}}},
      {AuthToken::basic("", ""), {{"scheme", "basic"}, {"principal", ""}, {"credentials", ""}}},
      {AuthToken::bearer("t"), {{"scheme", "bearer"}, {"credentials", "t"}}},
      {AuthToken::custom("own", "", ""), {{"scheme", "own"}, {"principal", ""}}},
      {AuthToken::custom("own", "p", "c", "r", {{"a", 1}}),
       {{"scheme", "own"}, {"principal", "p"}, {"credentials", "c"}, {"realm", "r"}, {"parameters", Map{{"a", 1}}}}}};
  for (const auto& [token, sent] : tokens) {
    Protocol protocol({5, 4});
    protocol.logon(token, std::make_shared<Recorder>());
    EXPECT_EQ(sent_by(protocol).at(0).fields, List{sent}) << token.scheme;
  }
}

TEST(ProtocolTest, TheNameOfDisabledNotificationsChangedOnce) {
  NotificationFilter filter;
  filter.disabled_classifications = {"HINT"};
  for (const auto& [version, name] : {std::pair{Version{5, 4}, "notifications_disabled_categories"},
                                      {Version{5, 6}, "notifications_disabled_classifications"}}) {
    Protocol protocol(version);
    protocol.begin({.notifications = &filter}, std::make_shared<Recorder>());
    EXPECT_EQ(sent_by(protocol)[0].fields[0], Value(Map{{name, List{"HINT"}}}));
  }
}

TEST(ProtocolTest, DefaultsAreNotSent) {
  Protocol protocol({5, 8});
  const Bookmarks none;
  const TransactionConfig config;
  const TransactionStart start{.bookmarks = &none, .config = &config};
  protocol.run("RETURN 1", {}, &start, std::make_shared<Recorder>());
  protocol.pull(1000, Protocol::last, std::make_shared<Recorder>());
  protocol.pull(-1, 7, std::make_shared<Recorder>());
  const auto sent = sent_by(protocol);
  EXPECT_EQ(sent[0].fields, (List{"RETURN 1", Map{}, Map{}}));
  EXPECT_EQ(sent[1].fields, (List{Map{{"n", 1000}}}));
  EXPECT_EQ(sent[2].fields, (List{Map{{"n", -1}, {"qid", 7}}}));
}

TEST(ProtocolTest, EverythingAboutATransactionIsSent) {
  Protocol protocol({5, 8});
  const Bookmarks bookmarks = {"b1", "b2"};
  const TransactionConfig config{.timeout = std::chrono::milliseconds(0), .metadata = {{"app", "test"}}};
  protocol.begin({.database = "movies",
                  .access = Access::read_only,
                  .bookmarks = &bookmarks,
                  .config = &config,
                  .impersonated_user = "ada"},
                 std::make_shared<Recorder>());
  EXPECT_EQ(sent_by(protocol)[0].fields[0], Value(Map{{"bookmarks", List{"b1", "b2"}},
                                                      {"tx_timeout", 0},
                                                      {"tx_metadata", Map{{"app", "test"}}},
                                                      {"mode", "r"},
                                                      {"db", "movies"},
                                                      {"imp_user", "ada"}}));
}

TEST(ProtocolTest, RepliesReachTheirRequestsInOrder) {
  Protocol protocol({5, 8});
  const auto run = std::make_shared<Recorder>(), pull = std::make_shared<Recorder>();
  protocol.run("RETURN 1", {}, nullptr, run);
  protocol.pull(-1, Protocol::last, pull);
  EXPECT_EQ(protocol.pending(), 2U);
  receive(protocol, success({{"fields", List{"1"}}}));
  receive(protocol, record({1}));
  receive(protocol, record({2}));
  receive(protocol, success({}));
  EXPECT_THAT(run->events, ElementsAre("success of 1"));
  EXPECT_THAT(pull->events, ElementsAre("record of 1", "record of 1", "success of 0"));
  EXPECT_EQ(protocol.pending(), 0U);
}

TEST(ProtocolTest, AfterAFailureEverythingIsIgnoredUntilReset) {
  Protocol protocol({5, 8});
  const auto run = std::make_shared<Recorder>(), pull = std::make_shared<Recorder>(),
             reset = std::make_shared<Recorder>();
  protocol.run("RETURN", {}, nullptr, run);
  protocol.pull(-1, Protocol::last, pull);
  receive(protocol, failure("Neo.ClientError.Statement.SyntaxError", "no"));
  EXPECT_TRUE(protocol.is_failed());
  receive(protocol, ignored());
  protocol.reset(reset);
  EXPECT_FALSE(protocol.is_failed());
  receive(protocol, success({}));
  EXPECT_THAT(run->events, ElementsAre("failure"));
  EXPECT_THAT(pull->events, ElementsAre("ignored"));
  EXPECT_THAT(reset->events, ElementsAre("success of 0"));
}

TEST(ProtocolTest, FailuresOfOlderServersGetAStatusMadeUp) {
  Protocol protocol({5, 4});
  const auto run = std::make_shared<Recorder>();
  protocol.run("RETURN", {}, nullptr, run);
  receive(protocol, message(0x7F, {Map{{"code", "Neo.TransientError.Transaction.Terminated"}, {"message", "gone"}}}));
  EXPECT_EQ(run->failure->code, "Neo.ClientError.Transaction.Terminated");
  EXPECT_EQ(run->failure->gql_status, "50N42");
  EXPECT_EQ(run->failure->status_description, "error: general processing exception - unexpected error. gone");
  EXPECT_EQ(run->failure->classification, "UNKNOWN");
  EXPECT_EQ(run->failure->diagnostic_record.at("CURRENT_SCHEMA"), Value("/"));
}

TEST(ProtocolTest, FailuresOfNewerServersTellTheirCauses) {
  Protocol protocol({5, 8});
  const auto run = std::make_shared<Recorder>();
  protocol.run("RETURN", {}, nullptr, run);
  const Map cause = {{"message", "deep"}, {"gql_status", "01N00"}, {"description", "d"}};
  receive(protocol, message(0x7F, {Map{{"neo4j_code", "Neo.ClientError.Foo.Bar"},
                                       {"message", "top"},
                                       {"gql_status", "42001"},
                                       {"description", "why"},
                                       {"diagnostic_record", Map{{"_classification", "CLIENT_ERROR"}}},
                                       {"cause", cause}}}));
  ASSERT_NE(run->failure, nullptr);
  EXPECT_EQ(run->failure->gql_status, "42001");
  EXPECT_EQ(run->failure->classification, "CLIENT_ERROR");
  ASSERT_NE(run->failure->cause, nullptr);
  EXPECT_EQ(run->failure->cause->message, "deep");
  EXPECT_EQ(run->failure->cause->gql_status, "01N00");
}

TEST(ProtocolTest, ParametersThatCannotBeSentQueueNothing) {
  Protocol protocol({5, 8});
  const auto run = std::make_shared<Recorder>();
  EXPECT_THROW(protocol.run("RETURN $p", {{"p", Node{}}}, nullptr, run), ConversionError);
  EXPECT_THROW(protocol.run("RETURN \xFF", {}, nullptr, run), ConversionError);
  EXPECT_TRUE(protocol.outbox().empty());
  EXPECT_EQ(protocol.pending(), 0U);
}

TEST(ProtocolTest, RepliesThatAreNoneAreRefused) {
  for (const std::string& bytes : {success({}), record({1}), ignored()}) {
    Protocol unasked({5, 8});
    EXPECT_THROW(receive(unasked, bytes), Error);
  }
  for (const std::string& bytes : {std::string(), std::string("\xB1"), std::string("\xC0"), message(0x55, {}),
                                   message(0x70, {}), message(0x7F, {1}), record({1})}) {
    Protocol protocol({5, 8});
    protocol.commit(std::make_shared<Recorder>());
    if (bytes == record({1})) {
      struct NoRecords final : ResponseHandler {
        void on_success(packstream::Unpacker) override {}
        void on_failure(const std::shared_ptr<const ServerFailure>&) override {}
        void on_ignored() override {}
      };
      Protocol other({5, 8});
      other.commit(std::make_shared<NoRecords>());
      EXPECT_THROW(receive(other, bytes), Error);
      continue;
    }
    EXPECT_THROW(receive(protocol, bytes), Error) << to_hex(std::as_bytes(std::span(bytes)));
  }
}

}  // namespace
}  // namespace core_lib::neo4j::bolt
