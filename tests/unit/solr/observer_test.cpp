// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/client.hpp"

#include "support/recording_observer.hpp"
#include "unit/solr/scripted_transport.hpp"

namespace core_lib::solr {
namespace {

using support::RecordingObserver;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view two_found =
    R"({"responseHeader":{"status":0},"response":{"numFound":7,"docs":[{"id":"1"},{"id":"2"}]}})";

class SolrObserverTest : public testing::Test {
 protected:
  [[nodiscard]] Client client(ScriptedTransport::Script script) const {
    return Client(std::make_shared<ScriptedTransport>(std::move(script)), {.attempts = 1, .observer = observer_});
  }

  const std::shared_ptr<RecordingObserver> observer_ = std::make_shared<RecordingObserver>();
};

TEST_F(SolrObserverTest, SeesEachRequestWithoutItsValues) {
  const Client watched = client([](std::size_t, const Request&) { return json_response(two_found); });
  (void)watched.search(Query(term("name", "my-secret")).rows(2));
  watched.add(Document().set("id", "my-secret"));
  watched.remove("my-secret");
  watched.commit();
  EXPECT_THAT(observer_->statements(),
              ElementsAre("select?_core_lib_0=?&q=?&rows=?", "update [...]", "update {delete}", "update {commit}"));
  const auto ended = observer_->queries_ended();
  EXPECT_EQ(ended[0].engine, "solr");
  EXPECT_EQ(ended[0].source, "solr http://scripted/solr/core0");
  EXPECT_EQ(ended[0].outcome.rows, 2U);
  EXPECT_GT(ended[0].outcome.duration.count(), 0);
  EXPECT_FALSE(ended[0].outcome.failure);
  EXPECT_NE(ended[0].id, ended[1].id);
  EXPECT_EQ(observer_->queries_started()[1].id, ended[1].id);
}

TEST_F(SolrObserverTest, SeesWhoAnsweredHowMuchAndHowLongTheServerTook) {
  const std::string body = R"({"responseHeader":{"status":0,"QTime":41},"response":{"numFound":0,"docs":[]}})";
  const Client watched(std::make_shared<ScriptedTransport>([&](std::size_t number, const Request& request) {
                         if (number == 0) throw ConnectionLost("x", {.retryable = true});
                         if (number == 1) return json_response(body);
                         if (number == 2) return json_response(R"({"error":{"msg":"x","code":400}})", 400);
                         request.receive("abc");
                         return Response{.status = 200, .node = "scripted", .streamed = 3};
                       }),
                       {.attempts = 2, .observer = observer_});
  (void)watched.search("x");
  EXPECT_THROW((void)watched.search("x"), SyntaxError);
  watched.send_streamed({.path = "export", .receive = [](std::string_view) {}});
  const auto ended = observer_->queries_ended();
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_EQ(ended[0].node, "scripted");
  EXPECT_EQ(ended[0].outcome.http.attempts, 2);
  EXPECT_EQ(ended[0].outcome.http.status, 200);
  EXPECT_EQ(ended[0].outcome.http.bytes, body.size());
  EXPECT_EQ(ended[0].outcome.http.server_time, std::chrono::milliseconds(41));
  EXPECT_EQ(ended[1].outcome.http.attempts, 1);
  EXPECT_EQ(ended[1].outcome.http.status, 400);
  EXPECT_EQ(ended[2].outcome.http.bytes, 3U);
}

TEST_F(SolrObserverTest, SeesEachRequestOnceHoweverOftenItIsTried) {
  const Client watched(std::make_shared<ScriptedTransport>([](std::size_t number, const Request&) {
                         if (number == 0) throw ConnectionLost("x", {.retryable = true});
                         return json_response(two_found);
                       }),
                       {.attempts = 2, .observer = observer_});
  (void)watched.search("x");
  EXPECT_EQ(observer_->queries_started().size(), 1U);
  EXPECT_EQ(observer_->queries_ended().size(), 1U);
}

TEST_F(SolrObserverTest, SeesFailuresByClassAndCode) {
  const Client refused = client([](std::size_t, const Request&) {
    return json_response(R"({"error":{"msg":"undefined field my-secret","code":400}})", 400);
  });
  EXPECT_THROW((void)refused.search("x"), SyntaxError);
  const Client cut = client([](std::size_t, const Request&) { return json_response(R"({"response":)"); });
  EXPECT_THROW((void)cut.search("x"), Error);
  const Client lost = client([](std::size_t, const Request&) -> Response { throw ConnectionLost("x"); });
  EXPECT_THROW(lost.send_streamed({.path = "export"}), ConnectionLost);
  const auto ended = observer_->queries_ended();
  ASSERT_EQ(ended.size(), 3U);
  EXPECT_EQ(ended[0].outcome.failure.error_class, "SyntaxError");
  EXPECT_EQ(ended[0].outcome.failure.native_code, "400");
  EXPECT_EQ(ended[1].outcome.failure.error_class, "Error");
  EXPECT_EQ(ended[2].outcome.failure.error_class, "ConnectionLost");
}

TEST(SolrTraceTest, TracedClientSendsTheHeaderWithEachAttempt) {
  const auto transport = std::make_shared<ScriptedTransport>([](std::size_t number, const Request&) {
    if (number == 0) throw ConnectionLost("x", {.retryable = true});
    return json_response(two_found);
  });
  const Client client(transport);
  const TraceParent trace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
  (void)client.traced(trace).search("x");
  (void)client.search("x");
  const auto requests = transport->requests();
  ASSERT_EQ(requests.size(), 3U);
  for (const std::size_t at : {0U, 1U}) {
    ASSERT_EQ(requests[at].headers.size(), 1U);
    EXPECT_EQ(requests[at].headers[0].name, "traceparent");
    EXPECT_EQ(requests[at].headers[0].value, trace.text());
  }
  EXPECT_TRUE(requests[2].headers.empty());
}

TEST(SolrGetTest, StructAsksForItsFieldsOnly) {
  struct Article {
    std::string id;
    std::optional<std::string> title;
  };
  const auto transport =
      std::make_shared<ScriptedTransport>([](std::size_t, const Request&) { return json_response(two_found); });
  EXPECT_EQ(Client(transport).get<Article>("a,b")->id, "1");
  const Parameters parameters = transport->requests().at(0).parameters;
  EXPECT_EQ(parameters.get("fl"), "id,title");
  EXPECT_EQ(parameters.get("ids"), "a\\,b");
  EXPECT_EQ(parameters.get("echoParams"), "none");
}

}  // namespace
}  // namespace core_lib::solr
