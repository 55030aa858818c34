// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/compose.hpp"

#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(ComposeTest, FileWithoutDefaultsIsTheWholeConfiguration) {
  const ConfigFolder folder{{"config.yaml", "a: {b: 1}\nc: ${a.b}\n"}};
  const Config config = compose({.search_path = {folder.path()}});
  EXPECT_EQ(config.to_string(), "a:\n  b: 1\nc: \"${a.b}\"\n");
  EXPECT_EQ(config["c"].as<int>(), 1);
  EXPECT_EQ(config.origin(), folder.file("config.yaml"));
}

TEST(ComposeTest, NameMayCarryItsSuffixAndAFolder) {
  const ConfigFolder folder{{"app.yaml", "a: 1"}, {"live/app.yaml", "a: 2"}};
  EXPECT_EQ(compose({.search_path = {folder.path()}, .name = "app.yaml"})["a"].as<int>(), 1);
  EXPECT_EQ(compose({.search_path = {folder.path()}, .name = "live/app"}).at("live.a").as<int>(), 2);
}

TEST(ComposeTest, FirstFolderOfTheSearchPathWins) {
  const ConfigFolder own{{"config.yaml", "defaults: [base]"}};
  const ConfigFolder shared{{"config.yaml", "a: shared"}, {"base.yaml", "b: shared"}};
  EXPECT_EQ(compose({.search_path = {own.path(), shared.path()}}).to_string(), "b: shared\n");
  EXPECT_EQ(compose({.search_path = {shared.path(), own.path()}}).to_string(), "a: shared\n");
}

TEST(ComposeTest, DefaultsAndHydraAreLeftOut) {
  const ConfigFolder folder{{"config.yaml", "defaults: [base]\nhydra: {run: {dir: .}}\na: {hydra: 1, defaults: 2}\n"},
                            {"base.yaml", "hydra: {job: x}\n"}};
  EXPECT_EQ(compose({.search_path = {folder.path()}}).to_string(), "a:\n  hydra: 1\n  defaults: 2\n");
}

TEST(ComposeTest, DefaultsOfHydraItselfAreNotLookedFor) {
  const ConfigFolder folder{{"config.yaml",
                             "defaults:\n  - hydra/job_logging: none\n  - hydra/extra\n"
                             "  - override hydra/launcher: basic\na: 1\n"}};
  EXPECT_EQ(compose({.search_path = {folder.path()}}).to_string(), "a: 1\n");
}

TEST(ComposeTest, ValuesKeepTheirFileAndPosition) {
  const ConfigFolder folder{{"config.yaml", "defaults: [base, {db: pg}]\nb: 2\n"},
                            {"base.yaml", "a: 1\nb: 1\n"},
                            {"db/pg.yaml", "port: 5432\n"}};
  const Config config = compose({.search_path = {folder.path()}, .overrides = {"a=3"}});
  EXPECT_EQ(config.where(), folder.file("config.yaml") + ":1:1");
  EXPECT_EQ(config["a"].where(), "override a=...");
  EXPECT_EQ(config["b"].where(), folder.file("config.yaml") + ":2:4");
  EXPECT_EQ(config["db"].where(), folder.file("db/pg.yaml") + ":1:1");
  EXPECT_EQ(config.at("db.port").where(), folder.file("db/pg.yaml") + ":1:7");
}

TEST(ComposeTest, InterpolationsSeeTheWholeConfiguration) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}, _self_]\nport: 1\n"},
                            {"db/pg.yaml", "port: ${port}\nname: ${.port}-${db.port}\n"}};
  EXPECT_EQ(compose({.search_path = {folder.path()}, .overrides = {"port=7"}}).at("db.name").as<std::string>(), "7-7");
}

TEST(ComposeTest, ResolversReachEveryFileAndOverride) {
  const ConfigFolder folder{{"config.yaml", "defaults: [base]\n"}, {"base.yaml", "a: ${twice:x}\n"}};
  const Config config = compose(
      {.search_path = {folder.path()},
       .overrides = {"+b=${twice:y}"},
       .resolvers = Resolvers().add("twice", [](const auto& arguments) { return arguments[0] + arguments[0]; })});
  EXPECT_EQ(config["a"].as<std::string>(), "xx");
  EXPECT_EQ(config["b"].as<std::string>(), "yy");
}

TEST(ComposeTest, UnknownKeyIsAnError) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}]\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path()}}).at("db.prot"); }),
              HasSubstr("no key 'prot' in db (" + folder.file("db/pg.yaml") + ":1:1); did you mean 'port'?"));
}

TEST(ComposeTest, MissingFileTellsWhereItWasLookedFor) {
  const ConfigFolder folder{{"config.yaml", "a: 1"}};
  const std::string nowhere = folder.path() + "/nowhere";
  EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path(), nowhere}, .name = "confg"}); }),
              testing::StrEq("compose 'confg': no configuration file 'confg.yaml' in '" + folder.path() + "', '" +
                             nowhere + "' (no such folder); did you mean 'config'?"));
  EXPECT_THAT(config_error([] { return compose({}); }),
              testing::StrEq("compose 'config': no configuration file 'config.yaml' in an empty search path"));
}

TEST(ComposeTest, NameCannotLeaveTheSearchPath) {
  const ConfigFolder folder{{"app/config.yaml", "defaults: [../secret]"}, {"secret.yaml", "a: 1"}};
  const ComposeOptions options{.search_path = {folder.path() + "/app"}};
  EXPECT_THAT(config_error([&] { return compose(options); }),
              HasSubstr("config.yaml:1:12: '../secret' is not the name of a configuration"));
  for (const char* name : {"", "..", "a//b", "/config", "./config"}) {
    EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path()}, .name = name}); }),
                HasSubstr("is not the name of a configuration"))
        << name;
  }
}

TEST(ComposeTest, BrokenFileIsToldWithItsPlace) {
  const ConfigFolder folder{{"config.yaml", "defaults: [base]"}, {"base.yaml", "a: 1\na: 2\n"}};
  EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path()}}); }),
              HasSubstr(folder.file("base.yaml") + ":2:1: duplicate key 'a'"));
  folder.add("base.yaml", "- 1\n");
  EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path()}}); }),
              HasSubstr(folder.file("base.yaml") + ":1:1: a configuration to compose is a map, this is a list"));
}

TEST(ComposeTest, NoErrorHoldsAValue) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}]\nnumber: 1\n"},
                            {"db/pg.yaml", "password: hunter2\n"}};
  for (const char* change :
       {"hunter2", "~db.password=hunter3", "db.pasword=hunter2", "+db.password=hunter2", "db=hunter2,x",
        "db.password.x=hunter2", "number='hunter2", "db={password: hunter2, x: hunter2}", "db@=hunter2",
        "number=hunter2=x", "++db=hunter2", "~db.passwrd=hunter2", "number.hunter=hunter2"}) {
    const std::string message =
        config_error([&] { return compose({.search_path = {folder.path()}, .overrides = {change}}); });
    EXPECT_THAT(message, Not(HasSubstr("hunter2"))) << change;
    EXPECT_THAT(message, Not(HasSubstr("hunter3"))) << change;
  }
}

}  // namespace
}  // namespace core_lib
