// SPDX-License-Identifier: Apache-2.0
#include "solr/http/http_node.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "scripted/solr/scripted_server.hpp"
#include "support/caught.hpp"

namespace core_lib::solr::http {
namespace {

using std::chrono::milliseconds;
using support::Peer;
using support::ScriptedServer;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view ok = R"({"responseHeader":{"status":0}})";

void answer(Peer& peer) {
  while (!peer.read_request().empty()) peer.write_json(ok);
}

/// Answers one request, takes another one and goes away without a word.
void answer_once(Peer& peer) {
  peer.read_request();
  peer.write_json(ok);
  peer.read_request();
}

ScriptedServer::Script record(std::string& seen) {
  return [&seen](Peer& peer) {
    seen = peer.read_request();
    peer.write_json(ok);
  };
}

Request get(std::string path = "select") { return {.path = std::move(path)}; }

Request update() {
  return {.path = "update", .body = "[]", .content_type = "application/json", .effect = Effect::write};
}

template <class Expected>
std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Expected& error) {
    return error.what();
  }
  ADD_FAILURE() << "the expected error was not thrown";
  return {};
}

TEST(HttpNodeTest, SendsParametersEncodedInTheAddress) {
  std::string seen;
  ScriptedServer server({record(seen)});
  HttpNode node(server.url(), {});
  Request request = get();
  request.parameters.add("q", "a&b=c d/ü").add("rows", 3);
  const Response response = node.send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, ok);
  EXPECT_EQ(response.content_type, "application/json;charset=utf-8");
  EXPECT_EQ(response.node, server.url());
  EXPECT_THAT(seen, HasSubstr("GET /solr/core0/select?q=a%26b%3Dc%20d%2F%C3%BC&rows=3 HTTP/1.1\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Expect:")));
}

TEST(HttpNodeTest, LongParametersArePostedAsAForm) {
  std::string seen;
  ScriptedServer server({record(seen)});
  HttpNode node(server.url(), {});
  Request request = get();
  request.parameters.add("q", std::string(3072, 'x'));
  EXPECT_EQ(node.send(request).status, 200);
  EXPECT_THAT(seen, HasSubstr("POST /solr/core0/select HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Content-Type: application/x-www-form-urlencoded\r\n"));
  EXPECT_TRUE(seen.ends_with("\r\n\r\nq=" + std::string(3072, 'x')));
}

TEST(HttpNodeTest, NodeRequestsLeaveTheCoreOut) {
  std::string seen;
  ScriptedServer server({record(seen)});
  HttpNode node(server.url(), {});
  Request request = get("admin/cores");
  request.of_node = true;
  EXPECT_EQ(node.send(request).status, 200);
  EXPECT_THAT(seen, HasSubstr("GET /solr/admin/cores HTTP/1.1\r\n"));
}

TEST(HttpNodeTest, ProxyGetsTheWholeAddressWhateverTheEnvironmentSays) {
  ::setenv("NO_PROXY", "*", 1);
  std::string seen;
  ScriptedServer proxy({record(seen)});
  const std::string address = proxy.url();
  HttpNode node("http://solr.invalid:8983/solr/core0", {.proxy = address.substr(0, address.find("/solr"))});
  Request request = get();
  request.parameters.add("q", "a b");
  EXPECT_EQ(node.send(request).status, 200);
  EXPECT_THAT(seen, HasSubstr("GET http://solr.invalid:8983/solr/core0/select?q=a%20b HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("Host: solr.invalid:8983\r\n"));
  ::unsetenv("NO_PROXY");
}

TEST(HttpNodeTest, KeepsTheConnectionForTheNextRequest) {
  ScriptedServer server({answer});
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_EQ(node.send(update()).status, 200);
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(HttpNodeTest, ReadOnAStaleConnectionIsSentAgain) {
  ScriptedServer server({answer_once, answer});
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(HttpNodeTest, WriteOnAStaleConnectionIsNeverSentAgain) {
  std::string second;
  {
    ScriptedServer server({answer_once, [&](Peer& peer) {  // libcurl connects again, then finds that it must not send
                             second = peer.read_request();
                           }});
    HttpNode node(server.url(), {});
    EXPECT_EQ(node.send(get()).status, 200);
    const std::string message = message_of<CommitUnknown>([&] { (void)node.send(update()); });
    EXPECT_THAT(message, HasSubstr("it may be stored or not"));
  }
  EXPECT_EQ(second, "");
}

TEST(HttpNodeTest, WriteWhoseServerIsGoneAfterwardsIsUnknownToo) {
  ScriptedServer* self = nullptr;
  ScriptedServer server({[&](Peer& peer) {
    peer.read_request();
    peer.write_json(ok);
    peer.read_request();
    self->stop_listening();
  }});
  self = &server;
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_THROW((void)node.send(update()), CommitUnknown);
}

TEST(HttpNodeTest, WriteAfterALostOneIsSent) {
  ScriptedServer server({answer_once, [](Peer& peer) { peer.read_request(); }, answer});
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_THROW((void)node.send(update()), CommitUnknown);
  EXPECT_EQ(node.send(update()).status, 200);
}

TEST(HttpNodeTest, WritesWithoutABodyArePostedToo) {
  std::string seen;
  ScriptedServer server({record(seen)});
  HttpNode node(server.url(), {});
  Request request = get("admin/cores");
  request.of_node = true;
  request.effect = Effect::write;
  request.parameters.add("action", "SWAP");
  EXPECT_EQ(node.send(request).status, 200);
  EXPECT_THAT(seen, HasSubstr("POST /solr/admin/cores HTTP/1.1\r\n"));
  EXPECT_TRUE(seen.ends_with("\r\n\r\naction=SWAP"));
}

// Whoever tries it again must know that it may have been stored.
TEST(HttpNodeTest, IdempotentWriteIsNotSentAgainHere) {
  ScriptedServer* self = nullptr;
  ScriptedServer server({[&](Peer& peer) {
    answer_once(peer);
    self->stop_listening();
  }});
  self = &server;
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  Request request = update();
  request.effect = Effect::idempotent;
  EXPECT_THROW((void)node.send(request), CommitUnknown);
}

TEST(HttpNodeTest, SlowAnswerEndsAtTheDeadline) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    peer.wait_for_end();
  }});
  HttpNode node(server.url(), {});
  Request request = get();
  request.deadline = Deadline::in(milliseconds(50));
  const std::string message = message_of<DeadlineExceeded>([&] { (void)node.send(request); });
  EXPECT_THAT(message, HasSubstr("did not answer in time"));
}

TEST(HttpNodeTest, ANodeThatDoesNotLetUsInWithinItsTimeIsWorthAnotherNode) {
  ScriptedServer server({[](Peer& peer) { peer.wait_for_end(); }, [](Peer& peer) { peer.wait_for_end(); },
                         [](Peer& peer) { peer.wait_for_end(); }});
  const std::string url = "https" + server.url().substr(4);  // it never says a word of TLS
  HttpNode node(url, {.connect_timeout = milliseconds(50)});
  for (const Request& request : {get(), update()}) {
    try {
      (void)node.send(request);
      ADD_FAILURE() << "it was answered";
    } catch (const ConnectionLost& error) {
      EXPECT_TRUE(error.is_retryable());
      EXPECT_THAT(error.what(), HasSubstr("cannot reach"));
    }
  }
  Request request = get();
  request.deadline = Deadline::in(milliseconds(20));
  EXPECT_THROW((void)node.send(request), DeadlineExceeded);
}

TEST(HttpNodeTest, SlowAnswerToAWriteLeavesItUnknown) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.wait_for_end();
  }});
  HttpNode node(server.url(), {.timeout = milliseconds(50)});
  EXPECT_THROW((void)node.send(update()), CommitUnknown);
}

TEST(HttpNodeTest, PassedDeadlineSendsNothing) {
  ScriptedServer server({answer});
  HttpNode node(server.url(), {});
  Request request = update();
  request.deadline = Deadline(Deadline::clock::time_point{});
  EXPECT_THROW((void)node.send(request), DeadlineExceeded);
  EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpNodeTest, AnswerCutShortIsALostConnection) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"resp");
  }});
  HttpNode node(server.url(), {});
  try {
    (void)node.send(get());
    FAIL() << "nothing was thrown";
  } catch (const ConnectionLost& error) {
    EXPECT_TRUE(error.is_retryable());
    EXPECT_FALSE(error.is_in_doubt());
    EXPECT_EQ(error.native_code(), "curl 18");
  }
}

TEST(HttpNodeTest, AnswerCutWithinItsHeadersIsALostConnection) {
  for (const char* head :
       {"HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"}) {
    const auto cut = [&](Peer& peer) {
      peer.read_request();
      peer.write(head);
    };
    ScriptedServer server({cut, cut});
    HttpNode node(server.url(), {});
    EXPECT_TRUE(support::caught<ConnectionLost>([&] { return node.send(get()); }).is_retryable()) << head;
    EXPECT_EQ(support::caught<CommitUnknown>([&] { return node.send(update()); }).native_code(), "curl 18") << head;
  }
}

TEST(HttpNodeTest, NoAnswerAtAllIsALostConnection) {
  ScriptedServer server({[](Peer& peer) { peer.read_request(); }, [](Peer& peer) { peer.read_request(); }});
  HttpNode node(server.url(), {});
  EXPECT_THROW((void)node.send(get()), ConnectionLost);
  EXPECT_THROW((void)node.send(update()), CommitUnknown);
  EXPECT_EQ(server.connections(), 2U);
}

TEST(HttpNodeTest, ReadIsSentAgainOnce) {
  ScriptedServer server({answer_once, [](Peer& peer) { peer.read_request(); }, answer});
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).status, 200);
  EXPECT_THROW((void)node.send(get()), ConnectionLost);
}

TEST(HttpNodeTest, ChunkedAnswerIsJoined) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
    peer.write("2\r\n1}\r\n0\r\n\r\n");
  }});
  HttpNode node(server.url(), {});
  EXPECT_EQ(node.send(get()).body, R"({"a":1})");
}

TEST(HttpNodeTest, ChunkedAnswerCutShortIsALostConnection) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":\r\n");
  }});
  HttpNode node(server.url(), {});
  EXPECT_THROW((void)node.send(get()), ConnectionLost);
}

TEST(HttpNodeTest, ContinueBeforeTheAnswerIsPassedOver) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n");
    peer.write_json(ok);
  }});
  HttpNode node(server.url(), {});
  const Response response = node.send(update());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, ok);
}

TEST(HttpNodeTest, RedirectIsNotFollowed) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/login?next=1\r\nContent-Length: 0\r\n\r\n");
  }});
  HttpNode node(server.url(), {.username = "user", .password = "secret"});
  const Response response = node.send(get());
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.location, "http://elsewhere.example/login?next=1");
}

struct Limit {
  const char* name;
  std::string answer;
  std::string expected;
};

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

TEST(HttpNodeTest, AnswersBeyondTheLimitsAreRefused) {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string chunk = "400\r\n" + std::string(0x400, 'x') + "\r\n";
  const Limit limits[] = {
      {"announced 2 GiB", head + "Content-Length: 2147483648\r\n\r\nx", "max_body_bytes, 1000"},
      {"chunked", head + "Transfer-Encoding: chunked\r\n\r\n" + chunk + chunk, "max_body_bytes, 1000"},
      {"one long header", head + "X-Long: " + std::string(3000, 'h') + "\r\n\r\n", "max_header_bytes, 2000"},
      {"many headers", head + repeated("X-Many: 1\r\n", 300) + "\r\n", "max_header_bytes, 2000"},
  };
  for (const Limit& limit : limits) {
    SCOPED_TRACE(limit.name);
    ScriptedServer server({[&](Peer& peer) {
      peer.read_request();
      peer.write(limit.answer);
      peer.wait_for_end();
    }});
    HttpNode node(server.url(), {.max_body_bytes = 1000, .max_header_bytes = 2000});
    EXPECT_THAT(message_of<Error>([&] { (void)node.send(get()); }), HasSubstr(limit.expected));
  }
}

TEST(HttpNodeTest, CompressionIsAskedForByOption) {
  std::string plain;
  std::string compressed;
  ScriptedServer server({record(plain), record(compressed)});
  EXPECT_EQ(HttpNode(server.url(), {}).send(get()).status, 200);
  EXPECT_EQ(HttpNode(server.url(), {.compression = true}).send(get()).status, 200);
  EXPECT_THAT(plain, Not(HasSubstr("Accept-Encoding")));
  EXPECT_THAT(compressed, HasSubstr("Accept-Encoding: "));
}

TEST(HttpNodeTest, CredentialsAndHeadersGoWithEachRequest) {
  std::string basic;
  std::string bearer;
  ScriptedServer server({record(basic), record(bearer)});
  Request request = get();
  request.headers = {{"X-Request-Id", "7"}};
  HttpOptions options{.bearer_token = "token", .headers = [] { return std::vector<Header>{{"X-Given", "8"}}; }};
  EXPECT_EQ(HttpNode(server.url(), {.username = "solr", .password = "p@ss:1"}).send(request).status, 200);
  EXPECT_EQ(HttpNode(server.url(), options).send(request).status, 200);
  EXPECT_THAT(basic, HasSubstr("Authorization: Basic c29scjpwQHNzOjE=\r\n"));
  EXPECT_THAT(basic, HasSubstr("X-Request-Id: 7\r\n"));
  EXPECT_THAT(bearer, HasSubstr("Authorization: Bearer token\r\n"));
  EXPECT_THAT(bearer, HasSubstr("X-Given: 8\r\n"));
}

TEST(HttpNodeTest, HeadersCannotEndTheirLine) {
  ScriptedServer server({answer});
  HttpNode node(server.url(), {});
  for (const Header& header : {Header{"X-A", "1\r\nX-B: 2"}, Header{"X-A\r\nX-B", "1"},
                               Header{"X-A", std::string("\0", 1)}, Header{"", "1"}, Header{"X-A: 1", "2"}}) {
    Request request = get();
    request.headers = {header};
    EXPECT_THROW((void)node.send(request), UsageError) << header.name;
  }
  Request posted = get();
  posted.body = "[]";
  posted.content_type = "application/json\r\nX-B: 2";
  EXPECT_THROW((void)node.send(posted), UsageError);
  EXPECT_EQ(server.connections(), 0U);
  EXPECT_THROW(HttpNode(server.url(), {.bearer_token = "a\nb"}), UsageError);
}

TEST(HttpNodeTest, RefusedConnectionSaysWhereAndMayBeRetried) {
  std::string url;
  {
    ScriptedServer gone({});
    url = gone.url();
  }
  HttpNode node(url, {});
  for (const Request& request : {get(), update()}) {
    try {
      (void)node.send(request);
      FAIL() << "nothing was thrown";
    } catch (const ConnectionLost& error) {
      EXPECT_THAT(error.what(), HasSubstr("cannot reach Solr at " + url));
      EXPECT_TRUE(error.is_retryable());
      EXPECT_FALSE(error.is_in_doubt());
    }
  }
}

TEST(HttpNodeTest, BodyIsHandedOverPieceByPiece) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    peer.write("3\r\ndef\r\n0\r\n\r\n");
  }});
  HttpNode node(server.url(), {.max_body_bytes = 4});
  std::string seen;
  Request request = get();
  request.receive = [&](std::string_view part) { seen += part; };
  EXPECT_EQ(node.send(request).body, "");
  EXPECT_EQ(seen, "abcdef");
}

TEST(HttpNodeTest, WhatTheReceiverThrowsReachesTheCaller) {
  ScriptedServer server({answer, answer});
  HttpNode node(server.url(), {});
  Request request = get();
  request.receive = [](std::string_view) { throw NotFoundError("enough"); };
  EXPECT_THROW((void)node.send(request), NotFoundError);
  EXPECT_EQ(node.send(get()).status, 200);
}

TEST(HttpNodeTest, BodyOfAFailureIsKeptThoughItIsStreamed) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write_json(R"({"error":{"code":400}})", "400 Bad Request");
  }});
  HttpNode node(server.url(), {});
  Request request = get();
  request.receive = [](std::string_view) { FAIL() << "a failure is no data"; };
  EXPECT_EQ(node.send(request).body, R"({"error":{"code":400}})");
}

TEST(HttpNodeTest, PathsAndAddressesArePlain) {
  ScriptedServer server({answer});
  HttpNode node(server.url(), {});
  for (const char* path : {"../admin", "select?q=1", "a//b", "", "sel%65ct", "a b", "x#y", "admin/..", "a\r\nb"}) {
    EXPECT_THROW((void)node.send(get(path)), UsageError) << path;
  }
  EXPECT_EQ(server.connections(), 0U);
  for (const char* url :
       {"file:///etc/passwd", "gopher://h/solr/c", "localhost/solr/c", "http://u:p@h/solr/c", "http://h/solr/../c",
        "http://h", "http:///solr", "http://h/solr/c?x=1", "http://h\r\n/solr/c", "http://", ""}) {
    EXPECT_THROW(HttpNode(url, {}), UsageError) << url;
  }
}

TEST(HttpNodeTest, OptionsThatMakeNoSenseAreRefused) {
  const std::string url = "http://localhost/solr/core0";
  EXPECT_THROW(HttpNode(url, {.connect_timeout = milliseconds(0)}), ConfigError);
  EXPECT_THROW(HttpNode(url, {.timeout = milliseconds(-1)}), ConfigError);
  EXPECT_THROW(HttpNode(url, {.max_connections = 0}), ConfigError);
  EXPECT_THROW(HttpNode(url, {.username = "a", .bearer_token = "b"}), ConfigError);
}

TEST(HttpNodeTest, RequestsBeyondTheMostConnectionsWaitNoLongerThanTheDeadline) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n1234");
  }});
  HttpNode node(server.url(), {.max_connections = 1});
  Request outer = get();
  outer.receive = [&](std::string_view) {
    std::jthread other([&] {
      Request inner = get();
      inner.deadline = Deadline::in(milliseconds(30));
      EXPECT_THROW((void)node.send(inner), PoolTimeout);
    });
  };
  EXPECT_EQ(node.send(outer).status, 200);
  EXPECT_EQ(node.pool_statistics()->timeouts, 1U);
}

}  // namespace
}  // namespace core_lib::solr::http
