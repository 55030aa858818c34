// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/compose.hpp"

#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;

constexpr const char* overridden_yaml = R"(db:
  port: 5432
  url: {host: here, path: ~}
  needed: ???
hosts: [a, {name: b}]
dotted.key: 1
link: ${db}
)";

Config changed(const std::vector<std::string>& overrides) {
  const ConfigFolder folder{{"config.yaml", overridden_yaml}};
  return compose({.search_path = {folder.path()}, .overrides = overrides});
}

std::string failure(const std::string& change) {
  return config_error([&] { return changed({change}); });
}

TEST(OverrideTest, PlainOverrideChangesWhatIsThere) {
  EXPECT_EQ(changed({"db.port=1"}).at("db.port").as<int>(), 1);
  EXPECT_EQ(changed({"db.url.path=x"}).at("db.url.path").as<std::string>(), "x");
  EXPECT_EQ(changed({"db.needed=5"}).at("db.needed").as<int>(), 5);
  EXPECT_EQ(changed({"hosts[0]=z"}).at("hosts[0]").as<std::string>(), "z");
  EXPECT_EQ(changed({"hosts.1.name=z"}).at("hosts[1].name").as<std::string>(), "z");
  EXPECT_EQ(changed({"dotted\\.key=2"})["dotted.key"].as<int>(), 2);
  EXPECT_EQ(changed({"db.port=1", "db.port=2"}).at("db.port").as<int>(), 2);
  EXPECT_TRUE(changed({"db.port=???"}).at("db.port").is_missing());
}

TEST(OverrideTest, MapMergesAndListReplaces) {
  EXPECT_EQ(changed({"db={port: 1}"})["db"].to_string(), "port: 1\nurl:\n  host: here\n  path: null\nneeded: ???\n");
  EXPECT_EQ(changed({"hosts=[1,2]"})["hosts"].to_string(), "- 1\n- 2\n");
  EXPECT_EQ(changed({"db.url=x"})["db"].to_string(), "port: 5432\nurl: x\nneeded: ???\n");
  EXPECT_EQ(changed({"hosts[0]={name: a}"})["hosts"].to_string(), "-\n  name: a\n-\n  name: b\n");
}

TEST(OverrideTest, PlainOverrideAddsNothing) {
  EXPECT_THAT(failure("db.prot=1"), HasSubstr("override 'db.prot=...': no key 'prot' in db ("));
  EXPECT_THAT(failure("db.prot=1"), HasSubstr("did you mean 'port'?; to add a key, write +db.prot=..."));
  EXPECT_THAT(failure("db.new.key=1"), HasSubstr("no key 'new' in db"));
  EXPECT_THAT(failure("db={prot: 1}"), HasSubstr("no key 'prot' in db"));
  EXPECT_THAT(failure("db={url: {hots: 1}}"), HasSubstr("no key 'hots' in db.url"));
  EXPECT_THAT(failure("hosts[2]=c"), HasSubstr("no element '2' in hosts"));
}

TEST(OverrideTest, PlusAddsWhatIsNotThere) {
  EXPECT_EQ(changed({"+db.user=me"}).at("db.user").as<std::string>(), "me");
  EXPECT_EQ(changed({"+a.b.c=1"})["a"].to_string(), "b:\n  c: 1\n");
  EXPECT_EQ(changed({"+db.url.path=x"}).at("db.url.path").as<std::string>(), "x");
  EXPECT_EQ(changed({"+db.needed.deep=x"}).at("db.needed.deep").as<std::string>(), "x");
  EXPECT_EQ(changed({"+db={user: me}"}).at("db.port").as<int>(), 5432);
  EXPECT_THAT(failure("+db.port=1"), HasSubstr("db.port ("));
  EXPECT_THAT(failure("+db.port=1"), HasSubstr("is there already; write db.port=... to change it"));
  EXPECT_THAT(failure("+hosts[2]=c"), HasSubstr("no element '2' in hosts"));
}

TEST(OverrideTest, DoublePlusDoesEither) {
  EXPECT_EQ(changed({"++db.port=1"}).at("db.port").as<int>(), 1);
  EXPECT_EQ(changed({"++db.user=me"}).at("db.user").as<std::string>(), "me");
  EXPECT_EQ(changed({"++db={a: 1, port: 2}"}).at("db.port").as<int>(), 2);
}

TEST(OverrideTest, TildeRemoves) {
  EXPECT_FALSE(changed({"~db.port"}).contains("db.port"));
  EXPECT_FALSE(changed({"~db"}).contains("db"));
  EXPECT_FALSE(changed({"~db.port=5432"}).contains("db.port"));
  EXPECT_FALSE(changed({"~db.url={path: null, host: here}"}).contains("db.url"));
  EXPECT_EQ(changed({"~hosts[0]"}).at("hosts[0].name").as<std::string>(), "b");
  EXPECT_THAT(failure("~db.port=1"), HasSubstr("the value of db.port ("));
  EXPECT_THAT(failure("~db.port=1"), HasSubstr("is another; nothing was removed"));
  EXPECT_THAT(failure("~db.port='5432'"), HasSubstr("is another"));
  EXPECT_THAT(failure("~db.prot"), HasSubstr("did you mean 'port'?"));
}

TEST(OverrideTest, ValuesHaveTheTypesOfTheGrammar) {
  struct Case {
    const char* text;
    const char* printed;
  };
  const Case cases[] = {
      {"5", "5\n"},
      {"-5", "-5\n"},
      {"1.5", "1.5\n"},
      {"1e3", "1e3\n"},
      {"true", "true\n"},
      {"TRUE", "true\n"},
      {"False", "false\n"},
      {"null", "null\n"},
      {"NULL", "null\n"},
      {"text", "text\n"},
      {"", "\"\"\n"},
      {"yes", "\"yes\"\n"},
      {"010", "\"010\"\n"},
      {"'5'", "\"5\"\n"},
      {"\"a,b\"", "\"a,b\"\n"},
      {"[]", "[]\n"},
      {"[1,x]", "- 1\n- x\n"},
      {"{}", "{}\n"},
      {"{a: 1}", "a: 1\n"},
      {" x ", "x\n"},
      {"a b", "a b\n"},
      {"16:00", "\"16:00\"\n"},
      {"a:b", "\"a:b\"\n"},
      {"[a,[b]]", "- a\n-\n  - b\n"},
      {"a/b.c-d", "a/b.c-d\n"},
      {"'x=y'", "\"x=y\"\n"},
      {"inf", "inf\n"},
      {"${db.url.host}", "\"${db.url.host}\"\n"},
  };
  for (const auto& [text, printed] : cases) {
    EXPECT_EQ(changed({std::string("db.port=") + text}).at("db.port").to_string(), printed) << text;
  }
}

TEST(OverrideTest, InterpolationsAreReadLater) {
  EXPECT_EQ(changed({"db.port=${db.url.host}"}).at("db.port").as<std::string>(), "here");
  EXPECT_EQ(changed({"+a=[x, ${.0}]"}).at("a[1]").as<std::string>(), "x");
}

TEST(OverrideTest, AmbiguousTextIsRefused) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"db.port=a,b", "its value cannot be read, at character 2: a bare comma is ambiguous"},
      {"db.port=x=y", "quote the value to use '='"},
      {"db.port=f(x)", "quote the value to use parentheses"},
      {"db.port=[1", "']' is missing"},
      {"db.port={a: 1", "'}' is missing"},
      {"db.port='x", "a quote is not closed"},
      {"db.port='x' y", "text follows the value"},
      {"db.port={a: 1, a: 2}", "duplicate key"},
      {"db.port=${", "a key is missing"},
      {"db.port", "override 1: it has no '='"},
      {"+db.port", "override 1: it has no '='"},
      {"=5", "override 1: it has no key"},
      {"~", "override 1: it has no key"},
      {"", "override 1: it has no '='"},
      {"db..port=1", "has an empty part"},
  };
  for (const auto& [text, error] : cases) EXPECT_THAT(failure(text), HasSubstr(error)) << text;
}

TEST(OverrideTest, PathDoesNotLeadThroughValuesOrInterpolations) {
  EXPECT_THAT(failure("db.port.x=1"), HasSubstr("'x' would be inside of db.port ("));
  EXPECT_THAT(failure("db.port.x=1"), HasSubstr("which is an integer"));
  EXPECT_THAT(failure("++db.port.x=1"), HasSubstr("which is an integer"));
  EXPECT_THAT(failure("link.port=1"), HasSubstr("which is an interpolation; change what it refers to"));
  EXPECT_THAT(failure("db.needed.x=1"), HasSubstr("which is missing: ???"));
}

TEST(OverrideTest, DepthIsBounded) {
  std::string path = "a";
  for (int i = 0; i < 300; ++i) path += ".a";
  EXPECT_THAT(failure("++" + path + "=1"), HasSubstr("the path is longer than 200 steps"));
}

}  // namespace
}  // namespace core_lib
