// SPDX-License-Identifier: Apache-2.0
// Where requests go, by the address of the core and the path below it.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "scripted/solr/scripted_server.hpp"
#include "solr/http/http_node.hpp"

namespace core_lib::solr::http {
namespace {

using support::Peer;
using support::ScriptedServer;
using testing::HasSubstr;

TEST(SolrAddressTest, SlashesWhereBaseAndPathMeetMakeNoDifference) {
  for (const char* end : {"", "/", "//"}) {
    for (const char* path : {"select", "/select"}) {
      std::string seen;
      ScriptedServer server({[&](Peer& peer) {
        seen = peer.read_request();
        peer.write_json("{}");
      }});
      EXPECT_EQ(HttpNode(server.url() + end, {}).send({.path = path}).status, 200);
      EXPECT_THAT(seen, HasSubstr("GET /solr/core0/select HTTP/1.1\r\n")) << end << path;
    }
  }
}

TEST(SolrAddressTest, WithoutAPathItIsTheBaseItselfWhereNothingIsSent) {
  ScriptedServer server({});
  for (const char* end : {"", "/", "//"}) {
    HttpNode node(server.url() + end, {});
    EXPECT_EQ(node.name(), server.url());
    for (const char* path : {"", "/"}) EXPECT_THROW((void)node.send({.path = path}), UsageError);
  }
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace core_lib::solr::http
