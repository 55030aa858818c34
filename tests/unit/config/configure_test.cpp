// SPDX-License-Identifier: Apache-2.0
// The code of docs/how-to/configure.md.
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "core_lib/config/compose.hpp"
#include "core_lib/config/instantiate_config.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib::shop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string folder = CONFIG_FIXTURES "/shop";

// [quote mailer]
struct Mailer {
  explicit Mailer(const Config& config) : sender(config.at("sender").as<std::string>()) {}
  std::string sender;
};
// [/quote]

struct Newsletter {
  std::shared_ptr<Mailer> mailer;
  std::string title;
};

TargetRegistry targets() {
  // [quote targets]
  TargetRegistry registry;
  registry.add<Mailer>({"shop.Mailer"});
  registry.add<Newsletter>({"shop.Newsletter"}, [](const TargetArguments& arguments) {
    return std::make_unique<Newsletter>(
        Newsletter{arguments.object<Mailer>("mailer"), arguments.get<std::string>("title")});
  });
  // [/quote]
  return registry;
}

Config composed(std::vector<std::string> overrides = {}) {
  // [quote compose]
  const Config config = compose({.search_path = {folder}, .name = "config", .overrides = std::move(overrides)});
  // [/quote]
  return config;
}

class ConfigureTest : public testing::Test {
 protected:
  void TearDown() override {
    for (const char* name : {"SHOP_DB", "SHOP_DB_PASSWORD", "SHOP_SENDER"}) unsetenv(name);
  }
};

TEST_F(ConfigureTest, ValuesAreRead) {
  const Config config = composed();
  // [quote read]
  const auto name = config.at("shop.name").as<std::string>();    // an error where it is not there
  const auto hours = config.get<int>("shop.opening_hours", 12);  // 12 where absent, null or ???
  const auto currencies = config.at("shop.currencies").as<std::vector<std::string>>();
  const auto banner = config.at("shop")["banner"].as<std::string>();
  // [/quote]
  EXPECT_EQ(name, "Corner shop");
  EXPECT_EQ(hours, 8);
  EXPECT_THAT(currencies, ElementsAre("EUR", "SEK"));
  EXPECT_EQ(banner, "Corner shop, open for 8 hours");
}

TEST_F(ConfigureTest, GroupsAndValuesAreOverridden) {
  EXPECT_EQ(composed().at("core_lib.data.db.url.file").as<std::string>(), "shop.db");
  // [quote overrides]
  const Config config = compose({.search_path = {folder},
                                 .overrides = {"db=postgresql",                             // another file of the group
                                               "core_lib.data.db.url.port=5433",            // change a value
                                               "+core_lib.data.db.session.pool_timeout=5",  // add one
                                               "~shop.banner"}});                           // remove one
  // [/quote]
  EXPECT_EQ(config.at("core_lib.data.db.url.port").as<int>(), 5433);
  EXPECT_EQ(config.at("core_lib.data.db.session.pool_timeout").as<int>(), 5);
  EXPECT_EQ(config.at("core_lib.data.db.session.pool_size").as<int>(), 5);
  EXPECT_FALSE(config.contains("shop.banner"));
  EXPECT_FALSE(config.contains("hydra"));
}

TEST_F(ConfigureTest, SecretsComeFromTheEnvironment) {
  const Config config = composed({"db=postgresql"});
  EXPECT_THAT(config_error([&] { return config.at("core_lib.data.db.url.password").as<std::string>(); }),
              HasSubstr("core_lib.data.db.url.password (" + folder +
                        "/db/postgresql.yaml:5:13): the environment variable 'SHOP_DB_PASSWORD' is not set"));
  setenv("SHOP_DB_PASSWORD", "p@/:#", 1);
  EXPECT_EQ(config.at("core_lib.data.db.url.password").as<std::string>(), "p@/:#");
  EXPECT_THAT(config.to_string(), testing::Not(HasSubstr("p@/:#")));
}

TEST_F(ConfigureTest, ResolverReadsSecretsFromElsewhere) {
  const auto read_secret = [](const std::string& name) { return "secret of " + name; };
  // [quote resolver]
  Resolvers resolvers;
  resolvers.add("vault", [&](const std::vector<std::string>& arguments) { return read_secret(arguments.at(0)); });
  const Config config = compose({.search_path = {folder},
                                 .overrides = {"db=postgresql", "core_lib.data.db.url.password=${vault:shop}"},
                                 .resolvers = resolvers});
  // [/quote]
  EXPECT_EQ(config.at("core_lib.data.db.url.password").as<std::string>(), "secret of shop");
}

TEST_F(ConfigureTest, ObjectsAreBuiltAndShared) {
  const Config config = composed();
  const TargetRegistry registry = targets();
  // [quote build]
  InstanceCache instances;
  const auto mailer = instantiate_config<Mailer>(config.at("mailer"), registry, {.instances = &instances});
  const auto newsletter = instantiate_config<Newsletter>(config.at("newsletter"), registry, {.instances = &instances});
  // [/quote]
  EXPECT_EQ(newsletter->mailer, mailer);
  EXPECT_EQ(newsletter->title, "News of Corner shop");
  EXPECT_EQ(mailer->sender, "shop@example.org");
}

TEST_F(ConfigureTest, WrongKeyIsToldWithItsPlaceAndNearNames) {
  EXPECT_EQ(config_error([] { return composed({"shop.opening_hour=9"}); }),
            "override 'shop.opening_hour=...': no key 'opening_hour' in shop (" + folder +
                "/config.yaml:11:1); did you mean 'opening_hours'?; to add a key, write +shop.opening_hour=...");
  EXPECT_EQ(
      config_error([] { return composed({"db=postgres"}); }),
      "override 'db=...': no configuration file 'db/postgres.yaml' in '" + folder + "'; did you mean 'postgresql'?");
}

TEST_F(ConfigureTest, LibraryDefaultsLoadWithoutTheirEnvironment) {
  const Config config = composed();
  EXPECT_EQ(config.at("core_lib.migrations")["table.name"].as<std::string>(), "versions");
  EXPECT_EQ(config.at("core_lib.migrations.source.url.protocol").as<std::string>(), "sqlite");
  EXPECT_EQ(config.at("core_lib.migrations.file_template").as<std::string>(), "%%(year)d-%%(slug)s");
  EXPECT_EQ(config.at("core_lib.migrations.logger.keys").as<std::string>(), "root,sql");
  EXPECT_TRUE(config.at("core_lib.date_format").is_null());
  EXPECT_THAT(config_error([&] { return config.at("core_lib.cache.memcached.url.host").as<std::string>(); }),
              HasSubstr("the environment variable 'SHOP_MEMCACHED_HOST' is not set"));
}

TEST(OldFormsTest, FormsOfOlderFilesReadAsYaml11) {
  const Config config = Config::load(CONFIG_FIXTURES "/old_forms.yaml");
  const Config web = config["web"];
  EXPECT_TRUE(web["debug"].as<bool>());
  EXPECT_FALSE(web["trace"].as<bool>());
  EXPECT_EQ(web["secret"].as<int>(), 17043528);
  EXPECT_EQ(web["start"].as<int>(), 960);
  EXPECT_THAT(web["ports"].as<std::vector<std::string>>(), ElementsAre("3306:3306", "8080:80"));
  EXPECT_EQ(web["version"].as<std::string>(), "2");
  EXPECT_EQ(web["mask"].as<std::string>(), "0.0.0.1");
  EXPECT_EQ(web["release"].as<std::string>(), "1.2.3");
  EXPECT_EQ(web["since"].as<std::string>(), "2022-01-01");
  EXPECT_EQ(web["ratio"].as<double>(), 0.5);
  EXPECT_EQ(web["large"].as<double>(), 1000.0);
  EXPECT_EQ(web["mode"].as<std::string>(), "0o17");
  EXPECT_EQ(web["flags"].as<int>(), 31);
  EXPECT_TRUE(web["nothing"].is_null());
  EXPECT_EQ(web["empty"].as<std::string>(), "");
  EXPECT_EQ(config.at("jobs[0].frequency").as<std::string>(), "");
  EXPECT_EQ(config.at("jobs[1].frequency").as<std::string>(), "2h32m");
  EXPECT_FALSE(config.at("jobs[1].parallel").as<bool>());
  EXPECT_EQ(config.at("text.folded").as<std::string>(), "one line of two");
  EXPECT_EQ(config.at("text.kept").as<std::string>(), "two\nlines\n");
  EXPECT_EQ(config.at("entities[0].user.columns.name.length").as<int>(), 255);
  EXPECT_EQ(config["1"].as<std::string>(), "key that is a number");
  EXPECT_EQ(config["true"].as<std::string>(), "key that is a bool");
}

}  // namespace
}  // namespace core_lib::shop
