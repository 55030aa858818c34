// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/client.hpp"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/solr/bulk_update.hpp"
#include "core_lib/solr/error.hpp"
#include "core_lib/solr/stream.hpp"

#include "scripted/solr/scripted_server.hpp"
#include "support/caught.hpp"

namespace core_lib::solr {
namespace {

using std::chrono::milliseconds;
using support::Peer;
using support::ScriptedServer;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view ok = R"({"responseHeader":{"status":0},"response":{"numFound":0,"docs":[]}})";

std::string reply(std::string_view status, std::string_view type, std::string_view body,
                  std::string_view headers = {}) {
  return "HTTP/1.1 " + std::string(status) + "\r\nContent-Type: " + std::string(type) + "\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// Answers each request of a connection with the next of these, and then with the last.
ScriptedServer::Script answers(std::vector<std::string> replies) {
  return [replies = std::move(replies)](Peer& peer) {
    for (std::size_t i = 0; !peer.read_request().empty(); ++i) peer.write(replies[std::min(i, replies.size() - 1)]);
  };
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

TEST(SolrClientTest, AsksForCompactAnswersAndNoMacros) {
  std::string seen;
  ScriptedServer server({[&](Peer& peer) {
    seen = peer.read_request();
    peer.write_json(ok);
  }});
  (void)Client({.urls = {server.url()}}).search(Query("${secret}"));
  for (const char* parameter : {"wt=javabin", "expandMacros=false", "q=%24%7Bsecret%7D"}) {
    EXPECT_THAT(seen, HasSubstr(parameter));
  }
}

TEST(SolrClientTest, AsksForJsonByOption) {
  std::string seen;
  ScriptedServer server({[&](Peer& peer) {
    seen = peer.read_request();
    peer.write_json(ok);
  }});
  (void)Client({.urls = {server.url()}, .binary_answers = false}).search("x");
  for (const char* parameter : {"wt=json", "indent=off", "json.nl=map"}) EXPECT_THAT(seen, HasSubstr(parameter));
}

struct Named {
  std::string id;
  std::vector<std::string> tags;
};

TEST(SolrClientTest, AStreamOfStructsAsksForTheirFieldsUnlessTheQueryNamesOthers) {
  for (const auto& [query, fields] :
       {std::pair(Query(), "fl=id%2Ctags&"), std::pair(Query().fields({"id", "[child]"}), "fl=id%2C%5Bchild%5D&")}) {
    std::string seen;
    ScriptedServer server({[&](Peer& peer) {
      seen = peer.read_request();
      peer.write_json(R"({"response":{"numFound":2,"docs":[{"id":"1","tags":["a","b"]},{"id":"2"}]},)"
                      R"("nextCursorMark":"*"})");
    }});
    std::string all;
    for (const Named& named : EntityStream<Named>(Client({.urls = {server.url()}}), query)) {
      all += named.id + ":" + std::to_string(named.tags.size()) + " ";
    }
    EXPECT_EQ(all, "1:2 2:0 ");
    EXPECT_THAT(seen, HasSubstr(fields));
  }
}

TEST(SolrClientTest, AStreamThatLosesAPageHasGivenWhatCameBeforeAndIsOver) {
  const std::string page =
      reply("200 OK", "application/json",
            R"({"response":{"numFound":3,"docs":[{"id":"1"},{"id":"2"}]},"nextCursorMark":"next"})");
  ScriptedServer server({answers({page, reply("400 Bad Request", "application/json", R"({"error":{"msg":"gone"}})")})});
  DocumentStream stream(Client({.urls = {server.url()}}), Query(), {.page = 2});
  std::string ids;
  EXPECT_THROW(
      {
        for (const Value document : stream) ids += document["id"].text();
      },
      Error);
  EXPECT_EQ(ids, "12");
  EXPECT_EQ(stream.found(), 3);
  EXPECT_THROW((void)stream.begin(), UsageError);
}

TEST(SolrClientTest, PageToLogInIsNoAnswer) {
  ScriptedServer server({answers({reply("200 OK", "text/html", "<html>please log in</html>")})});
  const std::string message = message_of<Error>([&] { (void)Client({.urls = {server.url()}}).search("x"); });
  EXPECT_THAT(message, HasSubstr("it is text/html instead of javabin or JSON; is it Solr, or a page to log in?"));
}

TEST(SolrClientTest, AnswersWithoutSenseAreRefused) {
  const std::pair<std::string, const char*> bad[] = {
      {reply("200 OK", "application/json", R"({"response":{"docs":[{"id":")"), "cut short"},
      {reply("200 OK", "application/json", "{\"a\":\"\xff\"}"), "UTF-8"},
      {reply("200 OK", "application/json", ""), "cut short"},
      {reply("302 Found", "text/html", "", "Location: https://login.example/?token=my-secret\r\n"),
       "a redirect to https://login.example, which is not followed"},
      {reply("500 Server Error", "text/html", "<html>trace my-secret</html>"), "a body that is not Solr's"},
      {reply("418 Teapot", "application/json", "nonsense"), "answered 418"},
  };
  for (const auto& [text, expected] : bad) {
    ScriptedServer server({answers({text})});
    const std::string message = message_of<Error>([&] { (void)Client({.urls = {server.url()}}).search("x"); });
    EXPECT_THAT(message, HasSubstr(expected));
    EXPECT_THAT(message, Not(HasSubstr("my-secret")));
  }
}

TEST(SolrClientTest, StatusDecidesTheClassOfAnError) {
  const auto failure = [](const char* status) {
    return reply(status, "application/json", R"({"error":{"msg":"because","code":1}})");
  };
  const auto run = [](const std::string& text, bool update) {
    ScriptedServer server({answers({text})});
    const Client client({.urls = {server.url()}, .attempts = 1});
    update ? (void)client.add(Document().set("id", "1")) : (void)client.search("x");
  };
  EXPECT_THROW(run(failure("400 Bad Request"), false), SyntaxError);
  EXPECT_THROW(run(failure("400 Bad Request"), true), ConstraintViolation);
  EXPECT_THROW(run(failure("401 Unauthorized"), false), AuthenticationError);
  EXPECT_THROW(run(failure("403 Forbidden"), true), AuthenticationError);
  EXPECT_THROW(run(failure("404 Not Found"), true), SyntaxError);
  EXPECT_THROW(run(failure("409 Conflict"), true), VersionConflict);
  EXPECT_THROW(run(failure("504 Gateway Timeout"), false), DeadlineExceeded);
  for (const auto& [status, update] : {std::pair("429 Too Many", true), std::pair("503 Unavailable", false)}) {
    const Error error = support::caught<Error>([&] { run(failure(status), update); });
    EXPECT_TRUE(error.is_retryable());
    EXPECT_EQ(error.status_code(), 503);
    EXPECT_THAT(error.what(), HasSubstr("because"));
  }
}

// It may have stored what came before it broke off.
TEST(SolrClientTest, AnUpdateThatTheServerBrokeOffIsInDoubt) {
  for (const char* const status : {"500 Server Error", "503 Unavailable", "504 Gateway Timeout"}) {
    ScriptedServer server({answers({reply(status, "application/json", R"({"error":{"msg":"because","code":1}})")})});
    const auto error =
        support::caught<CommitUnknown>([&] { (void)Client({.urls = {server.url()}}).add(Document().set("id", "1")); });
    EXPECT_TRUE(error.is_in_doubt());
    EXPECT_FALSE(error.is_retryable());
    EXPECT_THAT(error.what(), HasSubstr("because; the update may be stored, in part or not"));
  }
}

TEST(SolrClientTest, ReadIsTriedAgainWhereTheServerAsksForPatience) {
  const std::string busy = reply("503 Unavailable", "application/json", "{}", "Retry-After: 0\r\n");
  const std::string good = reply("200 OK", "application/json", ok);
  ScriptedServer server({answers({busy, busy, good})});
  EXPECT_EQ(Client({.urls = {server.url()}, .attempts = 3}).search("x").found(), 0);
}

TEST(SolrClientTest, WaitBeyondTheDeadlineIsNotBegun) {
  ScriptedServer server({answers({reply("429 Too Many", "application/json", "{}", "Retry-After: 3600\r\n")})});
  const Client client({.urls = {server.url()}});
  EXPECT_THROW((void)client.within(std::chrono::seconds(60)).search("x"), Error);
}

TEST(SolrClientTest, WriteIsNotTriedAgainWhereTheServerAsksForPatience) {
  int writes = 0;
  ScriptedServer server({[&](Peer& peer) {
    while (!peer.read_request().empty()) {
      ++writes;
      peer.write(reply("503 Unavailable", "application/json", "{}", "Retry-After: 0\r\n"));
    }
  }});
  {
    const Client client({.urls = {server.url()}});
    EXPECT_THROW(client.add(Document().set("id", "1")), Error);
  }
  EXPECT_EQ(writes, 1);
}

TEST(SolrClientTest, AnExtractionIsOneFormWithItsParameters) {
  std::string seen;
  {
    ScriptedServer server({[&](Peer& peer) {
      seen = peer.read_request();
      peer.write_json(ok);
    }});
    Extraction extraction{.content = "text", .file_name = "a b.txt", .only = false};
    extraction.parameters.add("literal.id", "☃\r\n\"1\"");
    (void)Client({.urls = {server.url()}}).extract(extraction, {.commit = true});
  }
  const std::string boundary = seen.substr(seen.find("boundary=") + 9, 33);
  EXPECT_THAT(seen,
              HasSubstr("POST /solr/core0/update/extract?commit=true&wt=javabin&expandMacros=false&echoParams=none "));
  EXPECT_EQ(seen.substr(seen.find("\r\n\r\n") + 4),
            "--" + boundary + "\r\nContent-Disposition: form-data; name=\"literal.id\"\r\n\r\n☃\r\n\"1\"\r\n--" +
                boundary + "\r\nContent-Disposition: form-data; name=\"resource.name\"\r\n\r\na b.txt\r\n--" +
                boundary +
                "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%20b.txt\"\r\n"
                "Content-Type: application/octet-stream\r\n\r\ntext\r\n--" +
                boundary + "--\r\n");
}

TEST(SolrClientTest, CallEndsWithItsTime) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.wait_for_end();
  }});
  const Client client({.urls = {server.url()}});
  EXPECT_THROW((void)client.within(milliseconds(30)).search("x"), DeadlineExceeded);
  EXPECT_THROW((void)client.within(milliseconds(0)), UsageError);
}

TEST(SolrClientTest, ExportThatIsCutShortIsNeverBegunAgain) {
  int seen = 0;
  ScriptedServer server({[](Peer& peer) {
                           peer.read_request();
                           peer.write(
                               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500000\r\n\r\n"
                               R"({"response":{"numFound":3,"docs":[)");
                           for (int i = 0; i < 4'000; ++i) peer.write(R"({"id":"some identifier"},)");
                         },
                         answers({reply("200 OK", "application/json", ok)})});
  const Client client({.urls = {server.url()}});
  EXPECT_THROW(export_documents(client, Query().sort("id").fields({"id"}), [&](Value) { ++seen; }), ConnectionLost);
  EXPECT_GT(seen, 0);
  EXPECT_EQ(server.connections(), 1U);
}

TEST(SolrClientTest, ExportIsCutIntoDocumentsWhereverThePartsEnd) {
  const std::string body =
      R"({"responseHeader":{"status":0},"response":{"numFound":3,"docs":[{"id":"a]}\"","n":[1,{"x":"}"}]},)"
      "\n"
      R"({"id":"b\\"},{"id":"c"}]}})";
  for (std::size_t size = 1; size < 12; ++size) {
    ScriptedServer server({[&](Peer& peer) {
      peer.read_request();
      peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (std::size_t at = 0; at < body.size(); at += size) {
        const std::string part = body.substr(at, size);
        peer.write(std::string(1, "0123456789abc"[part.size()]) + "\r\n" + part + "\r\n");
      }
      peer.write("0\r\n\r\n");
    }});
    std::vector<std::string> ids;
    const Client client({.urls = {server.url()}});
    EXPECT_EQ(export_documents(client, Query(), [&](Value document) { ids.emplace_back(document["id"].text()); }), 3U);
    EXPECT_THAT(ids, testing::ElementsAre("a]}\"", "b\\", "c"));
  }
}

TEST(SolrClientTest, ExportThatEndsEarlyOrFailsWithinIsAnError) {
  const std::pair<const char*, const char*> bodies[] = {
      {R"({"response":{"docs":[{"id":"1"},)", "ended early"},
      {R"({"response":{"docs":[{"EXCEPTION":"Must have sort"}]}})", "Must have sort"},
      {R"({"responseHeader":{"status":0}})", "no documents"},
  };
  for (const auto& [body, expected] : bodies) {
    ScriptedServer server({answers({reply("200 OK", "application/json", body)})});
    const Client client({.urls = {server.url()}});
    EXPECT_THAT(message_of<Error>([&] { export_documents(client, Query(), [](Value) {}); }), HasSubstr(expected));
  }
}

TEST(SolrClientTest, BatchWhoseAnswerIsLostIsUnknown) {
  ScriptedServer server({[](Peer& peer) { peer.read_request(); }});
  BulkUpdate bulk(Client({.urls = {server.url()}}), {.threads = 1, .update = {.commit = false}});
  for (int i = 0; i < 3; ++i) bulk.add(Document().set("id", i));
  const BulkReport report = bulk.finish();
  EXPECT_EQ(report.stored, 0U);
  ASSERT_EQ(report.failures.size(), 3U);
  for (const Outcome& outcome : report.failures) EXPECT_EQ(outcome.state, Outcome::State::unknown);
}

TEST(SolrClientTest, NeedsANodeAndAnAttempt) {
  EXPECT_THROW(Client(ClientOptions{}), UsageError);
  EXPECT_THROW(Client({.urls = {"http://h/solr/c"}, .attempts = 0}), ConfigError);
}

}  // namespace
}  // namespace core_lib::solr
