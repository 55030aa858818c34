// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "neo4j/driver_core.hpp"

namespace core_lib::neo4j {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string refusal(std::string_view uri) {
  try {
    (void)parse_uri(uri);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(UriTest, SchemesSayHowToConnect) {
  EXPECT_FALSE(parse_uri("bolt://host").encrypted);
  EXPECT_TRUE(parse_uri("bolt+s://host").encrypted);
  EXPECT_FALSE(parse_uri("bolt+s://host").trusts_all);
  EXPECT_TRUE(parse_uri("bolt+ssc://host").trusts_all);
  EXPECT_FALSE(parse_uri("bolt://host").may_route);
  EXPECT_TRUE(parse_uri("neo4j://host").may_route);
  EXPECT_TRUE(parse_uri("neo4j+ssc://host").trusts_all);
}

TEST(UriTest, HostAndPortAreFound) {
  EXPECT_EQ(parse_uri("bolt://host").address, (net::Address{"host", 7687}));
  EXPECT_EQ(parse_uri("bolt://host:1/path").address, (net::Address{"host", 1}));
  EXPECT_EQ(parse_uri("bolt://[::1]:7688").address, (net::Address{"::1", 7688}));
  EXPECT_EQ(net::to_string(parse_uri("bolt://[::1]").address), "[::1]:7687");
}

TEST(UriTest, TheRoutingContextIsRead) {
  EXPECT_EQ(parse_uri("neo4j://host?region=eu&policy=x").routing_context, (Map{{"region", "eu"}, {"policy", "x"}}));
  EXPECT_TRUE(parse_uri("neo4j://host?").routing_context.empty());
}

TEST(UriTest, WhatIsNoAddressIsRefusedWithoutASecret) {
  EXPECT_THAT(refusal("http://host"), HasSubstr("needs one of the schemes bolt"));
  EXPECT_THAT(refusal("host:7687"), HasSubstr("needs one of the schemes"));
  EXPECT_THAT(refusal("bolt://neo4j:hunter2@host"), AllOf(HasSubstr("AuthToken"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(refusal("bolt://host:0"), HasSubstr("port"));
  EXPECT_THAT(refusal("bolt://host:65536"), HasSubstr("port"));
  EXPECT_THAT(refusal("bolt://host:port"), HasSubstr("port"));
  EXPECT_THAT(refusal("bolt://"), HasSubstr("names no host"));
  EXPECT_THAT(refusal("bolt://[::1"), HasSubstr("bracket"));
  EXPECT_THAT(refusal("bolt://[::1]x"), HasSubstr("behind its host"));
  EXPECT_THAT(refusal("bolt://host?a=b"), AllOf(HasSubstr("'bolt://host?a=b'"), HasSubstr("no query")));
  EXPECT_THAT(refusal("neo4j://host?a"), HasSubstr("key=value"));
  EXPECT_THAT(refusal("neo4j://host?a=1&a=2"), HasSubstr("twice"));
  EXPECT_THAT(refusal("neo4j://host?address=x"), HasSubstr("must not have 'address'"));
}

}  // namespace
}  // namespace core_lib::neo4j
