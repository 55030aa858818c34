// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/config.hpp"

#include <cstdint>

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* base_yaml = R"(core_lib:
  data:
    db:
      url:
        protocol: sqlite
        port: 5432
        file: ~
      session:
        pool_pre_ping: off
        pool_size: ???
      ratio: 0.5
  alembic:
    sqlalchemy.url: dotted
  hosts: [a, b]
)";

Config config() { return Config::parse(base_yaml, "app.yaml"); }

TEST(ConfigTest, PathLeadsToValues) {
  EXPECT_EQ(config().at("core_lib.data.db.url.protocol").as<std::string>(), "sqlite");
  EXPECT_EQ(config()["core_lib"]["data"]["db"]["url"]["port"].as<int>(), 5432);
  EXPECT_FALSE(config().at("core_lib.data.db.session.pool_pre_ping").as<bool>());
  EXPECT_EQ(config().at("core_lib.data.db.ratio").as<double>(), 0.5);
  EXPECT_EQ(config().at("core_lib.hosts[1]").as<std::string>(), "b");
  EXPECT_EQ(config().at("core_lib.hosts.0").as<std::string>(), "a");
}

TEST(ConfigTest, KeyWithADotIsOneKey) {
  EXPECT_EQ(config().at("core_lib.alembic")["sqlalchemy.url"].as<std::string>(), "dotted");
  EXPECT_EQ(config().at("core_lib.alembic.sqlalchemy\\.url").as<std::string>(), "dotted");
  EXPECT_EQ(config().at("core_lib.alembic[sqlalchemy.url]").as<std::string>(), "dotted");
}

TEST(ConfigTest, PathOfANodeLeadsBackToIt) {
  for (const char* path : {"core_lib.alembic.sqlalchemy\\.url", "core_lib.hosts[1]", "core_lib.data.db.url"}) {
    EXPECT_EQ(config().at(path).path(), path);
  }
  EXPECT_EQ(config().path(), "");
}

TEST(ConfigTest, NodeKnowsItsPlace) {
  const Config port = config().at("core_lib.data.db.url.port");
  EXPECT_EQ(port.where(), "app.yaml:6:15");
  EXPECT_EQ(port.origin(), "app.yaml");
  EXPECT_EQ(port.key(), "port");
  EXPECT_EQ(port.root().at("core_lib.hosts").size(), 2U);
}

TEST(ConfigTest, HandleOutlivesTheOneItCameFrom) {
  const Config node = Config::parse("a: {b: 7}").at("a");
  EXPECT_EQ(node.at("b").as<int>(), 7);
}

TEST(ConfigTest, AbsentKeyNamesPathPlaceAndNearKeys) {
  const std::string message = config_error([] { return config().at("core_lib.data.db.url.prot"); });
  EXPECT_THAT(message, HasSubstr("core_lib.data.db.url.prot"));
  EXPECT_THAT(message, HasSubstr("no key 'prot' in core_lib.data.db.url (app.yaml:4:7)"));
  EXPECT_THAT(message, HasSubstr("did you mean 'port'?"));
  EXPECT_THAT(message, Not(HasSubstr("5432")));
}

TEST(ConfigTest, AbsentKeyInTheMiddleNamesTheFirstThatIsNotThere) {
  EXPECT_THAT(config_error([] { return config().at("core_lib.dta.db.url"); }),
              HasSubstr("core_lib.dta: no key 'dta' in core_lib (app.yaml:1:1); did you mean 'data'?"));
}

TEST(ConfigTest, KeyLikeNoOtherListsWhatIsThere) {
  EXPECT_THAT(config_error([] { return config()["zzzzzz"]; }), HasSubstr("the root (app.yaml:1:1); known: core_lib"));
}

TEST(ConfigTest, ScalarHasNoChildren) {
  EXPECT_THAT(
      config_error([] { return config().at("core_lib.data.db.url.port.x"); }),
      HasSubstr("core_lib.data.db.url.port (app.yaml:6:15): expected a map or a list to read 'x' from, found an "
                "integer"));
}

TEST(ConfigTest, ListIndexIsChecked) {
  EXPECT_THAT(config_error([] { return config().at("core_lib.hosts[2]"); }),
              HasSubstr("core_lib.hosts[2]: no element '2' in core_lib.hosts (app.yaml:14:3), a list of 2"));
  EXPECT_THAT(config_error([] { return config().at("core_lib.hosts")[2]; }), HasSubstr("a list of 2"));
  EXPECT_THAT(config_error([] { return config().at("core_lib.hosts.x"); }), HasSubstr("no element 'x'"));
  EXPECT_THAT(config_error([] { return config().at("core_lib")[0]; }), HasSubstr("expected a list, found a map"));
}

TEST(ConfigTest, MalformedPathIsRefused) {
  for (const char* path : {"", ".", "a..b", "a.", "a[", "a[]", "a[0]b"}) {
    EXPECT_THAT(config_error([&] { return config().at(path); }), HasSubstr("paths look like")) << path;
  }
}

TEST(ConfigTest, GetFallsBackWhereThereIsNoValue) {
  const Config db = config().at("core_lib.data.db");
  EXPECT_EQ(db.get<int>("url.port", 1), 5432);
  EXPECT_EQ(db.get<std::string>("url.file", "memory"), "memory");  // null
  EXPECT_EQ(db.get<int>("session.pool_size", 5), 5);               // ???
  EXPECT_EQ(db.get<int>("session.max_overflow", 10), 10);          // absent
  EXPECT_EQ(db.get<int>("nothing.here", 3), 3);
  EXPECT_EQ(db.get<int>("url.file.deeper", 4), 4);
}

TEST(ConfigTest, GetDoesNotHideAWrongType) {
  EXPECT_THAT(config_error([] { return config().get<int>("core_lib.data.db.url.protocol", 1); }),
              HasSubstr("core_lib.data.db.url.protocol (app.yaml:5:19): expected an integer of 32 bits, found text"));
  EXPECT_THAT(config_error([] { return config().get<int>("core_lib.data.db.url.port.x", 1); }),
              HasSubstr("expected a map"));
}

TEST(ConfigTest, MissingMarkIsNoValue) {
  EXPECT_FALSE(config().contains("core_lib.data.db.session.pool_size"));
  EXPECT_TRUE(config().at("core_lib.data.db.session.pool_size").is_missing());
  EXPECT_THAT(config_error([] { return config().at("core_lib.data.db.session.pool_size").as<int>(); }),
              HasSubstr("core_lib.data.db.session.pool_size (app.yaml:10:20): the value is missing: ???"));
}

TEST(ConfigTest, ContainsCountsNull) {
  EXPECT_TRUE(config().contains("core_lib.data.db.url.file"));
  EXPECT_FALSE(config().contains("core_lib.data.db.url.path"));
}

TEST(ConfigTest, KindsAreTold) {
  const Config root = config();
  EXPECT_TRUE(root.is_map());
  EXPECT_TRUE(root.at("core_lib.hosts").is_list());
  EXPECT_TRUE(root.at("core_lib.data.db.ratio").is_scalar());
  EXPECT_TRUE(root.at("core_lib.data.db.url.file").is_null());
  EXPECT_FALSE(root.at("core_lib.data.db.url.file").is_scalar());
}

TEST(ConfigTest, MapsAndListsAreWalkedInOrder) {
  EXPECT_THAT(config().at("core_lib").keys(), ElementsAre("data", "alembic", "hosts"));
  std::vector<std::string> seen;
  for (const Config& child : config().at("core_lib")) seen.push_back(child.key());
  for (const Config& host : config().at("core_lib.hosts")) seen.push_back(host.as<std::string>());
  EXPECT_THAT(seen, ElementsAre("data", "alembic", "hosts", "a", "b"));
  EXPECT_EQ(config().at("core_lib.data.db.url.file").size(), 0U);
  EXPECT_THAT(config_error([] { return config().at("core_lib.data.db.ratio").size(); }),
              HasSubstr("found a real number"));
  EXPECT_THAT(config_error([] { return config().at("core_lib.hosts").keys(); }),
              HasSubstr("expected a map, found a list"));
}

TEST(ConfigTest, ListsAreReadWhole) {
  EXPECT_THAT(config().at("core_lib.hosts").as<std::vector<std::string>>(), ElementsAre("a", "b"));
  EXPECT_THAT(Config::parse("[[1, 2], []]").as<std::vector<std::vector<int>>>(),
              ElementsAre(ElementsAre(1, 2), ElementsAre()));
  EXPECT_THAT(config_error([] { return Config::parse("a: [1, x]", "f").at("a").as<std::vector<int>>(); }),
              HasSubstr("a[1] (f:1:8): expected an integer"));
  EXPECT_THAT(config_error([] { return Config::parse("a: 1", "f").at("a").as<std::vector<int>>(); }),
              HasSubstr("a (f:1:4): expected a list, found an integer"));
}

TEST(ConfigTest, IntegersAreCheckedForRange) {
  const Config node = Config::parse(
      "{low: -128, high: 127, over: 128, under: -129, minus: -1, u64: 18446744073709551615, huge: 18446744073709551616,"
      " i64: -9223372036854775808, i64_under: -9223372036854775809, zero: -0}");
  EXPECT_EQ(node["low"].as<std::int8_t>(), -128);
  EXPECT_EQ(node["high"].as<std::int8_t>(), 127);
  EXPECT_EQ(node["u64"].as<std::uint64_t>(), UINT64_MAX);
  EXPECT_EQ(node["i64"].as<std::int64_t>(), INT64_MIN);
  EXPECT_EQ(node["zero"].as<unsigned>(), 0U);
  for (const char* key : {"over", "under"}) {
    EXPECT_THAT(config_error([&] { return node[key].as<std::int8_t>(); }),
                HasSubstr("out of range for an integer of 8 bits"));
  }
  EXPECT_THAT(config_error([&] { return node["minus"].as<std::uint16_t>(); }), HasSubstr("16 bits, not negative"));
  EXPECT_THAT(config_error([&] { return node["huge"].as<std::uint64_t>(); }), HasSubstr("out of range"));
  EXPECT_THAT(config_error([&] { return node["i64_under"].as<std::int64_t>(); }), HasSubstr("out of range"));
}

TEST(ConfigTest, TextConvertsOnlyAsAWhole) {
  const Config node =
      Config::parse(R"({port: "5432", plus: "+7", leading: "007", flag: "yes", real: "1e3", junk: "5432x",
      space: " 1", empty: "", hex: "0x10", one: "1"})");
  EXPECT_EQ(node["port"].as<int>(), 5432);
  EXPECT_EQ(node["plus"].as<int>(), 7);
  EXPECT_EQ(node["leading"].as<int>(), 7);
  EXPECT_TRUE(node["flag"].as<bool>());
  EXPECT_EQ(node["real"].as<double>(), 1000.0);
  for (const char* key : {"junk", "space", "empty", "hex", "flag"}) {
    EXPECT_THAT(config_error([&] { return node[key].as<int>(); }), HasSubstr("found text that is none")) << key;
  }
  for (const char* key : {"junk", "space", "empty", "hex"}) {
    EXPECT_THAT(config_error([&] { return node[key].as<double>(); }), HasSubstr("expected a number")) << key;
  }
  EXPECT_THAT(config_error([&] { return node["one"].as<bool>(); }), HasSubstr("expected a bool"));
}

TEST(ConfigTest, NumbersDoNotChangeTheirKind) {
  const Config node = Config::parse("{real: 3.0, whole: 3, flag: true, map: {}, nothing: ~, huge: 1e999, big: 1e300}");
  EXPECT_EQ(node["whole"].as<double>(), 3.0);
  EXPECT_THAT(config_error([&] { return node["real"].as<int>(); }), HasSubstr("found a real number"));
  EXPECT_THAT(config_error([&] { return node["flag"].as<int>(); }), HasSubstr("found a bool"));
  EXPECT_THAT(config_error([&] { return node["flag"].as<double>(); }), HasSubstr("found a bool"));
  EXPECT_THAT(config_error([&] { return node["whole"].as<bool>(); }), HasSubstr("found an integer"));
  EXPECT_THAT(config_error([&] { return node["map"].as<std::string>(); }), HasSubstr("expected text, found a map"));
  EXPECT_THAT(config_error([&] { return node["nothing"].as<std::string>(); }), HasSubstr("expected text, found null"));
  EXPECT_THAT(config_error([&] { return node["huge"].as<double>(); }), HasSubstr("out of range"));
  EXPECT_THAT(config_error([&] { return node["big"].as<float>(); }), HasSubstr("out of range"));
}

TEST(ConfigTest, ScalarsReadAsTextAreAsWritten) {
  const Config node = Config::parse("{octal: 0123, country: no, real: 1.50}");
  EXPECT_EQ(node["octal"].as<std::string>(), "0123");
  EXPECT_EQ(node["country"].as<std::string>(), "no");
  EXPECT_EQ(node["real"].as<std::string>(), "1.50");
}

TEST(ConfigTest, UnknownKeyIsRefusedWithItsNearName) {
  const Config url = config().at("core_lib.data.db.url");
  EXPECT_NO_THROW(url.reject_unknown_keys({"protocol", "port", "file"}));
  EXPECT_THAT(config_error([&] {
                url.reject_unknown_keys({"protocols", "port", "file"});
                return 0;
              }),
              testing::AllOf(HasSubstr("core_lib.data.db.url.protocol (app.yaml:5:9): unknown key 'protocol'"),
                             HasSubstr("did you mean 'protocols'?")));
}

TEST(ConfigTest, InstantiationKeysAndNullAreNotUnknown) {
  EXPECT_NO_THROW(
      Config::parse("{_target_: x, _recursive_: false, _instance_key_: k, a: 1}").reject_unknown_keys({"a"}));
  EXPECT_NO_THROW(Config::parse("a: ~").at("a").reject_unknown_keys({}));
  EXPECT_THAT(config_error([] {
                Config::parse("a: 1").at("a").reject_unknown_keys({});
                return 0;
              }),
              HasSubstr("expected a map, found an integer"));
}

TEST(ConfigTest, FailNamesTheNode) {
  EXPECT_THAT(config_error([]() -> int { config().at("core_lib.data.db.ratio").fail("must be at least 1"); }),
              testing::StrEq("core_lib.data.db.ratio (app.yaml:11:14): must be at least 1"));
}

TEST(ConfigTest, TextForPeopleHidesSecrets) {
  const Config node = Config::parse(R"(db:
  password: hunter2
  API_KEY: abc
  accessToken: abc
  credentials: {username: u, note: n}
  address: "http://shay:hunter2@host/x"
  from_env: ${oc.env:DB_PASSWORD,hunter2}
  hosts: [a, {port: 1}, []]
  empty: {}
  nothing: ~
  text: "yes"
)");
  const std::string text = node.to_string();
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
  EXPECT_THAT(text, Not(HasSubstr("abc")));
  EXPECT_THAT(text, Not(HasSubstr("note")));
  EXPECT_THAT(text, HasSubstr("  password: <hidden>\n"));
  EXPECT_THAT(text, HasSubstr("  address: \"http://<hidden>@host/x\"\n"));
  EXPECT_THAT(text, HasSubstr("  hosts:\n    - a\n    -\n      port: 1\n    - []\n  empty: {}\n  nothing: null\n"));
  EXPECT_THAT(text, HasSubstr("  text: \"yes\"\n"));
  EXPECT_EQ(node.at("db.credentials.username").to_string(), "<hidden>\n");
}

TEST(ConfigTest, EmptyConfigIsAMap) {
  EXPECT_TRUE(Config().is_map());
  EXPECT_EQ(Config().size(), 0U);
  EXPECT_EQ(Config().get<int>("a.b", 2), 2);
}

TEST(ConfigTest, LargeMapsFindTheirKeys) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "key" + std::to_string(i) + ": " + std::to_string(i) + "\n";
  const Config node = Config::parse(text);
  for (int i = 0; i < 5000; ++i) EXPECT_EQ(node["key" + std::to_string(i)].as<int>(), i);
  EXPECT_FALSE(node.contains("key5000"));
}

}  // namespace
}  // namespace core_lib
