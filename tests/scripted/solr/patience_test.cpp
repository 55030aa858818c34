// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/stream.hpp"

#include "scripted/solr/scripted_server.hpp"
#include "support/caught.hpp"

namespace core_lib::solr {
namespace {

using namespace std::chrono_literals;
using support::caught;
using support::Peer;
using support::ScriptedServer;
using testing::HasSubstr;

constexpr std::string_view stored = R"({"responseHeader":{"status":0}})";
constexpr std::string_view head_of_export =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2b\r\n{\"responseHeader\":{},\"response\":{\"docs\":[{}\r\n";
constexpr std::string_view one_more = "3\r\n,{}\r\n";
constexpr std::string_view end_of_export = "3\r\n]}}\r\n0\r\n\r\n";

TEST(SolrPatienceTest, AnIdempotentUpdateIsTriedAgainWhereTheServerAsksForIt) {
  for (const char* status : {"429 Too Many Requests", "503 Service Unavailable"}) {
    int seen = 0;
    const auto busy_once = [&](Peer& peer) {
      while (!peer.read_request().empty()) {
        ++seen;
        peer.write_json(seen == 1 ? R"({"error":{"msg":"busy"}})" : stored, seen == 1 ? status : "200 OK");
      }
    };
    {
      ScriptedServer server({busy_once});
      const Client client({.urls = {server.url()}});
      EXPECT_NO_THROW(client.add(Document().set("id", "1"), {.idempotent = true}));
    }
    EXPECT_EQ(seen, 2);
  }
}

TEST(SolrPatienceTest, AnExportMayTakeLongerThanTheTimeoutWhileItComes) {
  ScriptedServer server({[](Peer& peer) {
    (void)peer.read_request();
    peer.write(head_of_export);
    for (int i = 0; i < 4; ++i) {
      std::this_thread::sleep_for(400ms);
      peer.write(one_more);
    }
    peer.write(end_of_export);
  }});
  const Client client({.urls = {server.url()}, .http = {.timeout = 1s}, .attempts = 1});
  EXPECT_EQ(export_documents(client, Query("*:*"), [](Value) {}), 5U);
}

TEST(SolrPatienceTest, AnExportThatFallsSilentEnds) {
  ScriptedServer server({[](Peer& peer) {
    (void)peer.read_request();
    peer.write(head_of_export);
    peer.wait_for_end();
  }});
  const Client client({.urls = {server.url()}, .http = {.timeout = 1s}});
  const auto error = caught<ConnectionLost>([&] { return export_documents(client, Query("*:*"), [](Value) {}); });
  EXPECT_FALSE(error.is_retryable());
  EXPECT_EQ(server.connections(), 1U);
}

void fall_silent(Peer& peer) {
  (void)peer.read_request();
  peer.wait_for_end();
}

void answer(Peer& peer) {
  while (!peer.read_request().empty()) peer.write_json(R"({"responseHeader":{"status":0},"response":{"docs":[]}})");
}

TEST(SolrPatienceTest, AReadFromANodeThatFallsSilentIsTriedElsewhere) {
  ScriptedServer silent({fall_silent});
  ScriptedServer other({answer});
  {
    const Client client({.urls = {silent.url(), other.url()}, .http = {.silence_timeout = 1s}, .attempts = 1});
    EXPECT_NO_THROW((void)client.search("x"));
  }
  EXPECT_EQ(silent.connections(), 1U);
  EXPECT_EQ(other.connections(), 1U);
}

TEST(SolrPatienceTest, AWriteToANodeThatFallsSilentIsUnknown) {
  ScriptedServer silent({fall_silent});
  const Client client({.urls = {silent.url()}, .http = {.silence_timeout = 1s}});
  EXPECT_THROW(client.add(Document().set("id", "1")), CommitUnknown);
  EXPECT_EQ(silent.connections(), 1U);
}

void take_and_hang_up(Peer& peer) { (void)peer.read_request(); }

TEST(SolrPatienceTest, AnIdempotentUpdateIsTriedAgainWhereItsAnswerIsLost) {
  ScriptedServer server({take_and_hang_up, answer});
  {
    const Client client({.urls = {server.url()}});
    EXPECT_NO_THROW(client.add(Document().set("id", "1"), {.idempotent = true}));
  }
  EXPECT_EQ(server.connections(), 2U);
}

TEST(SolrPatienceTest, AnIdempotentUpdateIsTriedAgainWhereAKeptConnectionHadDied) {
  const auto answer_once = [](Peer& peer) {
    (void)peer.read_request();
    peer.write_json(stored);
    (void)peer.read_request();
  };
  std::string second;
  const auto read = [&](Peer& peer) { second = peer.read_request(); };  // libcurl connects, and sends nothing
  {
    ScriptedServer server({answer_once, read, answer});
    const Client client({.urls = {server.url()}});
    EXPECT_NO_THROW(client.add(Document().set("id", "0")));
    EXPECT_NO_THROW(client.add(Document().set("id", "1"), {.idempotent = true}));
  }
  EXPECT_EQ(second, "");
}

TEST(SolrPatienceTest, AnIdempotentUpdateStaysUnknownWhereALaterAttemptReachesNobody) {
  std::function<void()> stop;
  ScriptedServer server({[&](Peer& peer) {
    (void)peer.read_request();
    stop();
  }});
  stop = [&] { server.stop_listening(); };
  const Client client({.urls = {server.url()}});
  const auto error = caught<CommitUnknown>([&] { return client.add(Document().set("id", "1"), {.idempotent = true}); });
  EXPECT_THAT(error.what(), HasSubstr("before may have been stored"));
}

TEST(SolrPatienceTest, AWriteWithoutABodyIsNotSentAgain) {
  ScriptedServer server({take_and_hang_up, answer});
  const Client client({.urls = {server.url()}});
  Request request{.path = "update", .content_type = "text/xml", .effect = Effect::write};
  request.parameters.add("commit", true);
  EXPECT_THROW((void)client.send(request), CommitUnknown);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(SolrPatienceTest, NobodySleepsForAsLongAsAServerLikes) {
  for (const char* pause : {"3600", "99999999999999999999"}) {
    const std::string busy =
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: " + std::string(pause) + "\r\nContent-Length: 0\r\n\r\n";
    ScriptedServer server({[&](Peer& peer) {
      while (!peer.read_request().empty()) peer.write(busy);
    }});
    const Client client({.urls = {server.url()}, .http = {.timeout = 0s}});
    EXPECT_THROW((void)client.search("x"), Error);
    EXPECT_THROW((void)export_documents(client, Query("x"), [](Value) {}), Error);
  }
}

TEST(SolrPatienceTest, ACallsOwnTimeEndsAnExportThatStillComes) {
  ScriptedServer server({[](Peer& peer) {
    (void)peer.read_request();
    peer.write(head_of_export);
    while (peer.write(one_more)) std::this_thread::sleep_for(10ms);
  }});
  const Client client = Client({.urls = {server.url()}, .attempts = 1}).within(200ms);
  EXPECT_THROW((void)export_documents(client, Query("*:*"), [](Value) {}), DeadlineExceeded);
}

}  // namespace
}  // namespace core_lib::solr
