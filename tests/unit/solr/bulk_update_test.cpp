// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/bulk_update.hpp"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "support/caught.hpp"
#include "unit/solr/scripted_transport.hpp"

namespace core_lib::solr {
namespace {

using State = Outcome::State;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view all_well = R"({"responseHeader":{"status":0}})";
constexpr std::string_view refusal = R"({"error":{"msg":"unknown field 'x'","code":400}})";

/// The answer of a chain that tolerates errors, with an error for each of these.
std::string tolerant(const std::vector<std::string>& ids) {
  std::string errors;
  for (const std::string& id : ids) {
    errors += (errors.empty() ? "" : ",") + (R"({"type":"ADD","id":")" + id + R"(","message":"refused"})");
  }
  return R"({"responseHeader":{"errors":[)" + errors + R"(],"status":0}})";
}

/// Sends these in one batch, and returns what became of each.
std::vector<State> outcomes(ScriptedTransport::Script script, const std::vector<Document>& documents,
                            BulkOptions options = {}) {
  std::map<std::uint64_t, State> states;
  options.threads = 1;
  options.on_outcome = [&](const Outcome& outcome) {
    EXPECT_TRUE(states.emplace(outcome.number, outcome.state).second) << outcome.number;
    EXPECT_EQ(outcome.reason.empty(), outcome.state == State::stored) << outcome.reason;
  };
  BulkUpdate bulk(Client(std::make_shared<ScriptedTransport>(std::move(script))), options);
  for (const Document& document : documents) bulk.add(document);
  const BulkReport report = bulk.finish();
  EXPECT_EQ(report.stored + report.not_stored, documents.size());
  std::vector<State> in_order;
  for (const auto& [number, state] : states) in_order.push_back(state);
  return in_order;
}

std::vector<State> outcomes(const Response& response, const std::vector<Document>& documents,
                            BulkOptions options = {}) {
  return outcomes([&](std::size_t, const Request&) { return response; }, documents, std::move(options));
}

Document with_id(const auto& id) { return Document().set("id", id); }

TEST(BulkOutcomeTest, TolerantChainNamesARefusedDocumentByItsKey) {
  EXPECT_THAT(outcomes(json_response(tolerant({"1"})), {with_id(12), with_id(1), with_id("11"), with_id("x\"1")}),
              ElementsAre(State::stored, State::refused, State::stored, State::stored));
  EXPECT_THAT(outcomes(json_response(tolerant({"x\\\"1"})), {with_id("1"), with_id("x\"1")}),
              ElementsAre(State::stored, State::refused));
}

TEST(BulkOutcomeTest, KeyMayHaveAnyName) {
  const auto keyed = [](const char* key, const char* id) { return Document("key").set("key", key).set("id", id); };
  EXPECT_THAT(outcomes(json_response(tolerant({"a"})), {keyed("b", "a"), keyed("a", "b")}, {.unique_key = "key"}),
              ElementsAre(State::stored, State::refused));
}

TEST(BulkOutcomeTest, DocumentWithoutAKeyIsNamedAsSolrDoes) {
  EXPECT_THAT(outcomes(json_response(tolerant({"(unknown)"})), {with_id("a"), Document().set("title", "b")}),
              ElementsAre(State::stored, State::refused));
}

TEST(BulkOutcomeTest, WhereOneOfTwoWithTheSameKeyIsRefusedNobodyKnowsWhich) {
  EXPECT_THAT(outcomes(json_response(tolerant({"a"})), {with_id("a"), with_id("b"), with_id("a")}),
              ElementsAre(State::unknown, State::stored, State::unknown));
  EXPECT_THAT(outcomes(json_response(tolerant({"a", "a"})), {with_id("a"), with_id("b"), with_id("a")}),
              ElementsAre(State::refused, State::stored, State::refused));
}

TEST(BulkOutcomeTest, RefusalOfADocumentThatWasNotSentLeavesTheOthersUnknown) {
  EXPECT_THAT(outcomes(json_response(tolerant({"elsewhere", "b"})), {with_id("a"), with_id("b")}),
              ElementsAre(State::unknown, State::refused));
}

TEST(BulkOutcomeTest, StatusDecidesWhatIsKnown) {
  const std::pair<int, State> statuses[] = {{400, State::refused}, {401, State::refused}, {404, State::refused},
                                            {429, State::refused}, {302, State::refused}, {500, State::unknown},
                                            {503, State::unknown}, {504, State::unknown}};
  for (const auto& [status, expected] : statuses) {
    EXPECT_THAT(outcomes(json_response(refusal, status), {with_id(1)}), ElementsAre(expected)) << status;
  }
  EXPECT_THAT(outcomes(Response{.status = 200, .content_type = "text/html", .body = "log in"}, {with_id(1)}),
              ElementsAre(State::unknown));
}

TEST(SolrUpdateReplyTest, TellsHowManyReplicasStoredItWhereSolrDoes) {
  const auto reply_to = [](std::string_view json) {
    const auto answer = [json](std::size_t, const Request&) { return json_response(json); };
    return Client(std::make_shared<ScriptedTransport>(answer)).add(Document().set("id", "1"));
  };
  EXPECT_EQ(reply_to(R"({"responseHeader":{"rf":2,"status":0}})").replicas(), 2);
  EXPECT_EQ(reply_to(all_well).replicas(), std::nullopt);
}

TEST(SolrUnreadableAnswerTest, LeavesAWriteInDoubtAndFailsARead) {
  for (const Response& response : {Response{.status = 200, .content_type = "text/html", .body = "log in"},
                                   Response{.status = 200}, json_response(R"({"responseHeader":)")}) {
    const Client client(std::make_shared<ScriptedTransport>([&](std::size_t, const Request&) { return response; }));
    EXPECT_THROW(client.add(with_id(1)), CommitUnknown);
    EXPECT_THROW(client.remove("1"), CommitUnknown);
    try {
      (void)client.search("x");
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_FALSE(error.is_in_doubt());
      EXPECT_EQ(error.status_code(), 502);
    }
  }
}

TEST(BulkOutcomeTest, WhatWasThrownDecidesWhatIsKnown) {
  const auto throwing = [](const auto& error) {
    return [error](std::size_t, const Request&) -> Response { throw error; };
  };
  EXPECT_THAT(outcomes(throwing(ConnectionLost("x")), {with_id(1)}), ElementsAre(State::not_sent));
  EXPECT_THAT(outcomes(throwing(DeadlineExceeded("x")), {with_id(1)}), ElementsAre(State::not_sent));
  EXPECT_THAT(outcomes(throwing(PoolTimeout("x")), {with_id(1)}), ElementsAre(State::not_sent));
  EXPECT_THAT(outcomes(throwing(CommitUnknown("x")), {with_id(1)}), ElementsAre(State::unknown));
  EXPECT_THAT(outcomes(throwing(std::runtime_error("x")), {with_id(1)}), ElementsAre(State::unknown));
}

TEST(BulkOutcomeTest, DocumentThatConflictsWithItsOwnFirstAttemptIsUnknown) {
  // The batch stops at the second document, and has stored the first, which then is there already.
  const auto script = [](std::size_t number, const Request&) {
    return number == 0 ? json_response(refusal, 400)
                       : json_response(R"({"error":{"msg":"version conflict for a","code":409}})", 409);
  };
  EXPECT_THAT(outcomes(script, {with_id("a").version(-1), with_id("b").version(-1)}),
              ElementsAre(State::unknown, State::unknown));
  const auto conflict = [](std::size_t, const Request&) { return json_response(refusal, 409); };
  EXPECT_THAT(outcomes(conflict, {with_id("a").version(-1)}), ElementsAre(State::refused));
}

TEST(BulkOutcomeTest, WhatARefusedBatchMayHaveStoredStaysUnknownWhereItsPartsFail) {
  const std::pair<ScriptedTransport::Script, State> parts[] = {
      {[](std::size_t, const Request&) -> Response { throw ConnectionLost("x"); }, State::unknown},
      {[](std::size_t, const Request&) -> Response { throw DeadlineExceeded("x"); }, State::unknown},
      {[](std::size_t, const Request&) { return json_response(refusal, 404); }, State::unknown},
      {[](std::size_t, const Request&) { return json_response(refusal, 429); }, State::unknown},
      {[](std::size_t, const Request&) { return json_response(refusal, 400); }, State::refused},
      {[](std::size_t, const Request&) { return json_response(all_well); }, State::stored},
  };
  for (const auto& [part, expected] : parts) {
    const auto script = [&](std::size_t number, const Request& request) {
      return number == 0 ? json_response(refusal, 400) : part(number, request);
    };
    EXPECT_THAT(outcomes(script, {with_id("a"), with_id("b")}), ElementsAre(expected, expected));
  }
}

TEST(BulkUpdateTest, ACommitThatFailsKeepsTheReportForAnotherCall) {
  int commits = 0;
  const auto script = [&](std::size_t, const Request& request) {
    if (request.body.find("commit") == std::string::npos) return json_response(all_well);
    return ++commits == 1 ? json_response(R"({"error":{"msg":"no room","code":500}})", 500) : json_response(all_well);
  };
  BulkUpdate bulk(Client(std::make_shared<ScriptedTransport>(script)), {.update = {.commit = true}});
  bulk.add(with_id("a"));
  EXPECT_THROW((void)bulk.finish(), CommitUnknown);
  EXPECT_EQ(bulk.finish().stored, 1U);
  EXPECT_EQ(bulk.finish().stored, 1U);
  EXPECT_EQ(commits, 3);
}

TEST(SolrForeignAnswerTest, IsNoAnswerWithoutDocumentsAndNoStoredOne) {
  const Client client(std::make_shared<ScriptedTransport>(
      [](std::size_t, const Request&) { return json_response(R"({"message":"closed for today"})"); }));
  EXPECT_THROW((void)client.search("x"), Error);
  EXPECT_THROW((void)client.search_json("{}"), Error);
  EXPECT_THROW((void)client.get_by_ids(std::vector<std::string>{"1"}), Error);
  EXPECT_THROW((void)client.add(with_id("1")), CommitUnknown);
  EXPECT_THROW(client.commit(), CommitUnknown);
}

TEST(SolrIdempotentTest, WhatWasLostOnceStaysInDoubtWhateverFailsLater) {
  const std::pair<const char*, ScriptedTransport::Script> later[] = {
      {"deadline", [](std::size_t, const Request&) -> Response { throw DeadlineExceeded("x"); }},
      {"pool", [](std::size_t, const Request&) -> Response { throw PoolTimeout("x"); }},
      {"link", [](std::size_t, const Request&) -> Response { throw ConnectionLost("x", {.retryable = true}); }},
      {"header provider", [](std::size_t, const Request&) -> Response { throw std::runtime_error("x"); }},
      {"conflict with itself", [](std::size_t, const Request&) { return json_response(refusal, 409); }},
      {"other node", [](std::size_t, const Request&) { return json_response(refusal, 404); }},
      {"patience", [](std::size_t, const Request&) { return json_response(refusal, 429); }},
  };
  for (const auto& [name, second] : later) {
    SCOPED_TRACE(name);
    const auto script = [&](std::size_t number, const Request& request) {
      return number == 0 ? throw CommitUnknown("lost") : second(number, request);
    };
    const Client client(std::make_shared<ScriptedTransport>(script));
    const auto error =
        support::caught<CommitUnknown>([&] { return client.add(with_id("a").version(-1), {.idempotent = true}); });
    EXPECT_THAT(error.what(), HasSubstr("an attempt before may have been stored"));
    EXPECT_NE(error.cause(), nullptr);
  }
}

TEST(SolrIdempotentTest, ARefusalStandsAndAFailureOfTheServerIsItself) {
  const auto failure_after_a_lost_one = [](int status) {
    return Client(std::make_shared<ScriptedTransport>([status](std::size_t number, const Request&) {
      return number == 0 ? throw CommitUnknown("lost") : json_response(refusal, status);
    }));
  };
  EXPECT_THROW(failure_after_a_lost_one(400).add(with_id("a"), {.idempotent = true}), ConstraintViolation);
  const auto error =
      support::caught<Error>([&] { return failure_after_a_lost_one(503).add(with_id("a"), {.idempotent = true}); });
  EXPECT_TRUE(error.is_retryable());
}

TEST(SolrDeadlineTest, IsOneForAllAttempts) {
  const auto transport = std::make_shared<ScriptedTransport>([](std::size_t number, const Request&) {
    Response busy = json_response("{}", 503);
    if (number > 0) busy.retry_after = "3600";
    return busy;
  });
  const Client client(transport, {.http = {.timeout = std::chrono::seconds(30)}, .attempts = 5});
  EXPECT_THROW((void)client.search("x"), Error);  // an hour is not waited for
  ASSERT_EQ(transport->requests().size(), 2U);
  EXPECT_FALSE(transport->requests()[0].deadline.is_never());
  EXPECT_EQ(transport->requests()[0].deadline.at(), transport->requests()[1].deadline.at());
}

}  // namespace
}  // namespace core_lib::solr
