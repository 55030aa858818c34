// SPDX-License-Identifier: Apache-2.0
// Answers that are compressed, byte by byte: here the server's words are fewer than what they unpack to.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "scripted/solr/scripted_server.hpp"
#include "solr/http/http_node.hpp"
#include "support/caught.hpp"

namespace core_lib::solr::http {
namespace {

using namespace std::string_literals;
using support::Peer;
using support::ScriptedServer;
using testing::HasSubstr;

/// What gzip makes of `{"note":"xxx..."}` with 100,000 letters.
const std::string packed =
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xc1\x31\x0d\x00\x20\x10\x04\x30\x2f\x27\x03\x3f\xac\xcf\xc2\x40\x42\xf0\xfe\x36\x18\xda\xde\xd4\xda\x33\x23\x07"s +
    std::string(96, '\0') + "\xf8\x56\x5e\x03\x05\x5b\xbf\xe2\xab\x86\x01\x00"s;
const std::string unpacked = R"({"note":")" + std::string(100'000, 'x') + R"("})";

/// Answers with the packed bytes, and sees how they were asked for.
class PackingServer {
 public:
  [[nodiscard]] std::string url() const { return server_.url(); }

 private:
  ScriptedServer server_{{[](Peer& peer) {
    EXPECT_THAT(peer.read_request(), HasSubstr("gzip"));
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " +
               std::to_string(packed.size()) + "\r\n\r\n" + packed);
    peer.wait_for_end();
  }}};
};

TEST(SolrCompressionTest, AnswerIsUnpacked) {
  const PackingServer server;
  EXPECT_EQ(HttpNode(server.url(), {.compression = true}).send({.path = "select"}).body, unpacked);
}

TEST(SolrCompressionTest, LimitOfAnAnswerCountsWhatIsUnpacked) {
  for (const std::size_t limit : {std::size_t{1'000}, unpacked.size() - 1}) {
    ASSERT_LT(packed.size(), limit);
    const PackingServer server;
    HttpNode node(server.url(), {.max_body_bytes = limit, .compression = true});
    const Error error = support::caught<Error>([&] { return node.send({.path = "select"}); });
    EXPECT_THAT(error.what(), HasSubstr("max_body_bytes, " + std::to_string(limit)));
  }
  const PackingServer server;
  HttpNode node(server.url(), {.max_body_bytes = unpacked.size(), .compression = true});
  EXPECT_EQ(node.send({.path = "select"}).body.size(), unpacked.size());
}

TEST(SolrCompressionTest, StreamsAreUnpackedPieceByPiece) {
  const PackingServer server;
  HttpNode node(server.url(), {.max_body_bytes = 1'000, .compression = true});
  std::string seen;
  Request request{.path = "export"};
  request.receive = [&](std::string_view part) { seen += part; };
  EXPECT_EQ(node.send(request).body, "");
  EXPECT_EQ(seen, unpacked);
}

TEST(SolrCompressionTest, PackedAnswerThatIsCutShortIsNoAnswer) {
  ScriptedServer server({[](Peer& peer) {
    peer.read_request();
    peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: " +
               std::to_string(packed.size()) + "\r\n\r\n" + packed.substr(0, packed.size() / 2));
  }});
  HttpNode node(server.url(), {.compression = true});
  EXPECT_THROW((void)node.send({.path = "select"}), ConnectionLost);
}

}  // namespace
}  // namespace core_lib::solr::http
