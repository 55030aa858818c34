// SPDX-License-Identifier: Apache-2.0
// Provokes every kind of error around secrets and looks for them in each message.
#include <cstdlib>
#include <functional>

#include "core_lib/config/compose.hpp"
#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/config/url.hpp"

#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* secrets_yaml = R"(plain: hunter2
number: 31337
real: 313.37
list: [hunter2, 31337]
db:
  password: hunter2
  url: http://user:hunter2@host/x
  "password with spaces": 'hunter2'
link: ${plain}
text: "x-${plain}-${number}"
env: ${oc.env:CORE_LIB_TEST_SECRET}
env_number: ${oc.env:CORE_LIB_TEST_SECRET,31337}
fallback: ${oc.env:CORE_LIB_TEST_UNSET,hunter2}
decoded: ${oc.decode:${plain}}
broken: "${oc.decode:'[hunter2'}"
object: {_target_: secret.Object, password: hunter2, unknown: hunter2}
shared: {_target_: secret.Object, _instance_key_: k, password: hunter2}
other: {_target_: secret.Object, _instance_key_: k, password: hunter3}
)";

struct Object {
  explicit Object(const Config& config) { static_cast<void>(config.at("password").as<int>()); }
};

class SecretsTest : public testing::Test {
 protected:
  SecretsTest() { setenv("CORE_LIB_TEST_SECRET", "hunter2", 1); }
  ~SecretsTest() override { unsetenv("CORE_LIB_TEST_SECRET"); }

  static void expect_clean(const std::string& message, const std::string& what) {
    for (const char* secret : {"hunter", "31337", "313.37"}) EXPECT_THAT(message, Not(HasSubstr(secret))) << what;
  }
};

TEST_F(SecretsTest, ReadingAsAWrongTypeShowsNoValue) {
  const Config config = Config::parse(secrets_yaml, "f");
  const std::function<void(const Config&)> wrong_reads[] = {
      [](const Config& node) { static_cast<void>(node.as<bool>()); },
      [](const Config& node) { static_cast<void>(node.as<std::int8_t>()); },
      [](const Config& node) { static_cast<void>(node.as<std::vector<std::vector<bool>>>()); },
      [](const Config& node) { static_cast<void>(node.at("inner.key")); },
      [](const Config& node) { static_cast<void>(node["inner"]); },
      [](const Config& node) { static_cast<void>(node[7]); },
      [](const Config& node) { static_cast<void>(node.keys().at(0) + std::to_string(node["inner"].size())); },
      [](const Config& node) { node.reject_unknown_keys({"a"}); },
      [](const Config& node) { node.fail("is wrong"); },
      [](const Config& node) { static_cast<void>(Url::from(node)); },
      [](const Config& node) { static_cast<void>(instantiate_config<Object>(node, TargetRegistry())); },
  };
  int errors = 0;
  const std::function<void(const Config&)> visit = [&](const Config& node) {
    for (const auto& read : wrong_reads) {
      try {
        read(node);
      } catch (const Error& error) {
        ++errors;
        expect_clean(error.what(), node.path());
      }
    }
    const bool is_container = node.path() != "decoded" && node.path() != "broken" && (node.is_map() || node.is_list());
    if (is_container) {
      for (const Config& child : node) visit(child);
    }
  };
  visit(config);
  EXPECT_GT(errors, 200);
}

TEST_F(SecretsTest, BuildingObjectsShowsNoValue) {
  TargetRegistry registry;
  registry.add<Object>({"secret.Object"});
  const Config config = Config::parse(secrets_yaml, "f");
  InstanceCache instances;
  for (const char* key : {"object", "shared", "other", "db", "plain", "list"}) {
    expect_clean(
        config_error([&] { return instantiate_config<Object>(config[key], registry, {.instances = &instances}); }),
        key);
  }
}

TEST_F(SecretsTest, BrokenYamlShowsNoValue) {
  for (const char* text :
       {"password: 'hunter2", "password: hunter2: x", "password: [hunter2", "password: \"hunter2\\q\"",
        "password: !x hunter2", "password: !!int hunter2", "password: *nothing\nx: hunter2", "password: ${hunter2",
        "password: \"${oc.env:hunter2\"", "password: hunter2\npassword: hunter2", "password: @hunter2",
        "password: hunter2\n\tx: hunter2", "password: hunter2\n---\nhunter2", "a: &x hunter2\nb: {<<: *x}",
        "hunter2\n\x01", "password: hunter2\xFF", "31337"}) {
    const std::string message = config_error([&] { return Config::parse(text, "f"); });
    expect_clean(message, text);
  }
}

TEST_F(SecretsTest, OverridesShowNoValue) {
  const ConfigFolder folder{{"config.yaml", secrets_yaml}};
  for (const char* change :
       {"hunter2", "+hunter2", "plain=hunter2,hunter2", "plain=[hunter2", "plain='hunter2", "plain=hunter2=x",
        "plin=hunter2", "+plain=hunter2", "plain.x=hunter2", "~plain=hunter3", "~plin=hunter2", "list[9]=hunter2",
        "db={x: hunter2}", "plain=${hunter2", "db.pasword=hunter2", "plain@x=hunter2", "plain=(hunter2)"}) {
    expect_clean(config_error([&] { return compose({.search_path = {folder.path()}, .overrides = {change}}); }),
                 change);
  }
}

TEST_F(SecretsTest, TextForPeopleHidesWhatLooksLikeASecret) {
  const std::string text = Config::parse(secrets_yaml, "f")["db"].to_string();
  EXPECT_THAT(text, Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace core_lib
