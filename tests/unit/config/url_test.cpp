// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/url.hpp"

#include <gtest/gtest.h>

#include "core_lib/config/config.hpp"

namespace core_lib {
namespace {

TEST(UrlTest, PartsAreJoinedAsCoreLibJoinsThem) {
  struct Case {
    Url url;
    std::string expected;
  };
  const Case cases[] = {
      {{.host = "some_domain.com"}, "some_domain.com"},
      {{.protocol = "http", .host = "some_domain.com"}, "http://some_domain.com"},
      {{.protocol = "http", .username = "shay", .host = "some_domain.com"}, "http://shay@some_domain.com"},
      {{.protocol = "http", .username = "shay", .password = "pass", .host = "some_domain.com"},
       "http://shay:pass@some_domain.com"},
      {{.protocol = "http", .username = "shay", .password = "pass", .host = "some_domain.com", .port = "80"},
       "http://shay:pass@some_domain.com:80"},
      {{.protocol = "http",
        .username = "shay",
        .password = "pass",
        .host = "some_domain.com",
        .port = "80",
        .path = "x/y/z"},
       "http://shay:pass@some_domain.com:80/x/y/z"},
      {{.protocol = "http",
        .username = "shay",
        .password = "pass",
        .host = "some_domain.com",
        .port = "80",
        .path = "/x/y/z",
        .file = "file.foo"},
       "http://shay:pass@some_domain.com:80/x/y/z/file.foo"},
      {{.protocol = "sqlite", .file = "y.db"}, "sqlite:///y.db"},
      {{.protocol = "sqlite"}, "sqlite://"},
      {{.protocol = "sqlite", .file = "//abs/y.db"}, "sqlite:///abs/y.db"},
      {{.host = "h", .port = "80"}, "h:80"},
      {{.host = "h", .port = "0"}, "h"},
      {{.password = "dropped", .host = "h"}, "@h"},
      {{}, ""},
  };
  for (const Case& each : cases) EXPECT_EQ(build_url(each.url), each.expected);
}

TEST(UrlTest, NodeGivesThePartsAndOtherKeysAreIgnored) {
  const Config node = Config::parse("{protocol: bolt, host: db, port: 7687, username: ~, color: red}");
  EXPECT_EQ(build_url(node), "bolt://db:7687");
  EXPECT_EQ(Url::from(node).port, "7687");
}

TEST(UrlTest, NullNodeHasNoParts) { EXPECT_EQ(build_url(Config::parse("url: ~").at("url")), ""); }

TEST(UrlTest, EncodedUrlProtectsWhatHasAMeaning) {
  EXPECT_EQ(
      build_encoded_url({.protocol = "http", .username = "a b", .password = "p@/:#", .host = "h", .path = "x y/z"}),
      "http://a%20b:p%40%2F%3A%23@h/x%20y/z");
}

TEST(UrlTest, EncodedUrlPutsIpv6InBrackets) {
  EXPECT_EQ(build_encoded_url({.protocol = "http", .host = "::1", .port = "80"}), "http://[::1]:80");
  EXPECT_EQ(build_encoded_url({.protocol = "http", .host = "[::1]", .port = "80"}), "http://[::1]:80");
}

}  // namespace
}  // namespace core_lib
