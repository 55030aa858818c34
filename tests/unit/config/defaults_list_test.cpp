// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/compose.hpp"

#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string composed(const ConfigFolder& folder, std::vector<std::string> overrides = {}) {
  return compose({.search_path = {folder.path()}, .overrides = std::move(overrides)}).to_string();
}

std::string failure(const ConfigFolder& folder, const std::vector<std::string>& overrides = {}) {
  return config_error([&] { return composed(folder, overrides); });
}

TEST(DefaultsListTest, FilesMergeInOrderAndTheirUserLast) {
  const ConfigFolder folder{{"config.yaml", "defaults: [first, second]\nc: own\n"},
                            {"first.yaml", "a: first\nb: first\nc: first\n"},
                            {"second.yaml", "b: second\nc: second\nd: second\n"}};
  EXPECT_EQ(composed(folder), "a: first\nb: second\nc: own\nd: second\n");
}

TEST(DefaultsListTest, SelfSaysWhereTheFileItselfMerges) {
  const ConfigFolder folder{{"config.yaml", "defaults: [first, _self_, second]\na: own\nb: own\n"},
                            {"first.yaml", "a: first\n"},
                            {"second.yaml", "b: second\n"}};
  EXPECT_EQ(composed(folder), "a: own\nb: second\n");
}

TEST(DefaultsListTest, DefaultsOfDefaultsComeBeforeThem) {
  const ConfigFolder folder{{"config.yaml", "defaults: [outer]\nx: config\n"},
                            {"outer.yaml", "defaults: [inner]\nx: outer\ny: outer\n"},
                            {"inner.yaml", "x: inner\ny: inner\nz: inner\n"}};
  EXPECT_EQ(composed(folder), "x: config\ny: outer\nz: inner\n");
}

TEST(DefaultsListTest, TwoFilesMayShareOne) {
  const ConfigFolder folder{{"config.yaml", "defaults: [one, two]\n"},
                            {"one.yaml", "defaults: [base]\na: one\n"},
                            {"two.yaml", "defaults: [base]\nb: two\n"},
                            {"base.yaml", "a: base\nb: base\n"}};
  EXPECT_EQ(composed(folder), "a: base\nb: two\n");
}

TEST(DefaultsListTest, EmptyOrNullListIsNone) {
  EXPECT_EQ(composed(ConfigFolder{{"config.yaml", "defaults: []\na: 1\n"}}), "a: 1\n");
  EXPECT_EQ(composed(ConfigFolder{{"config.yaml", "defaults:\na: 1\n"}}), "a: 1\n");
  EXPECT_EQ(composed(ConfigFolder{{"config.yaml", ""}}), "{}\n");
}

TEST(DefaultsListTest, OptionOfAGroupGoesUnderItsName) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: sqlite}, {server/http: fast}]\n"},
                            {"db/sqlite.yaml", "file: x\n"},
                            {"server/http/fast.yaml", "threads: 8\n"}};
  EXPECT_EQ(composed(folder), "db:\n  file: x\nserver:\n  http:\n    threads: 8\n");
}

TEST(DefaultsListTest, PackageSaysWhereAnOptionGoes) {
  const ConfigFolder folder{{"config.yaml",
                             "defaults:\n  - db: pg\n  - db@backup: pg\n  - db@core_lib.data.db: sqlite\n"
                             "  - db@_global_: sqlite\n  - base@x\n"},
                            {"db/pg.yaml", "port: 5432\n"},
                            {"db/sqlite.yaml", "file: x\n"},
                            {"base.yaml", "a: 1\n"}};
  EXPECT_EQ(
      composed(folder),
      "db:\n  port: 5432\nbackup:\n  port: 5432\ncore_lib:\n  data:\n    db:\n      file: x\nfile: x\nx:\n  a: 1\n");
}

TEST(DefaultsListTest, HeaderSaysWhereAFileGoes) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: a}, {db@x: b}, {kind: c}, {kind/d: e}]\n"},
                            {"db/a.yaml", "# About a.\n\n# @package _global_\na: 1\n"},
                            {"db/b.yaml", "# @package data.db\nb: 2\n"},
                            {"kind/c.yaml", "#@package one.two\nc: 3\n"},
                            {"kind/d/e.yaml", "d: 4\n# @package late\n"}};
  EXPECT_EQ(composed(folder), "a: 1\nx:\n  b: 2\none:\n  two:\n    c: 3\nkind:\n  d:\n    d: 4\n");
}

TEST(DefaultsListTest, NamesAreRelativeToTheFolderOfTheirFile) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{server: apache}]\n"},
                            {"server/apache.yaml", "defaults: [base, {site: blog}, {/db: pg}, /top]\nname: apache\n"},
                            {"server/base.yaml", "name: base\nport: 80\n"},
                            {"server/site/blog.yaml", "domain: blog\n"},
                            {"db/pg.yaml", "port: 5432\n"},
                            {"top.yaml", "top: 1\n"}};
  EXPECT_EQ(composed(folder),
            "server:\n  name: apache\n  port: 80\n  site:\n    domain: blog\n  db:\n    port: 5432\n  top: 1\n");
}

TEST(DefaultsListTest, PackageOfAGroupMovesWhatItsFilesName) {
  const ConfigFolder folder{
      {"config.yaml", "defaults: [{db@backup: pg}]\n"},
      {"db/pg.yaml", "defaults: [{engine: fast}, {engine@_here_: slow}, {engine@_global_.e: fast}]\n"},
      {"db/engine/fast.yaml", "fast: 1\n"},
      {"db/engine/slow.yaml", "slow: 1\n"}};
  EXPECT_EQ(composed(folder), "backup:\n  engine:\n    fast: 1\n  slow: 1\ne:\n  fast: 1\n");
}

TEST(DefaultsListTest, SeveralOptionsOfAGroupMergeInOrder) {
  const ConfigFolder folder{
      {"config.yaml", "defaults: [{db: [one, two]}]\n"}, {"db/one.yaml", "a: 1\nb: 1\n"}, {"db/two.yaml", "b: 2\n"}};
  EXPECT_EQ(composed(folder), "db:\n  a: 1\n  b: 2\n");
  EXPECT_EQ(composed(folder, {"db=[two,one]"}), "db:\n  b: 1\n  a: 1\n");
}

TEST(DefaultsListTest, OptionalEntryMayBeAbsent) {
  const ConfigFolder folder{{"config.yaml", "defaults: [optional db: nothing, optional local]\na: 1\n"}};
  EXPECT_EQ(composed(folder), "a: 1\n");
  folder.add("local.yaml", "b: 2\n");
  EXPECT_EQ(composed(folder), "b: 2\na: 1\n");
}

TEST(DefaultsListTest, NullChoosesNothing) {
  const ConfigFolder folder{{"config.yaml", "defaults: [db: ~]\na: 1\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_EQ(composed(folder), "a: 1\n");
  EXPECT_EQ(composed(folder, {"db=pg"}), "db:\n  port: 1\na: 1\n");
}

TEST(DefaultsListTest, OverrideChoosesAnotherOption) {
  const ConfigFolder folder{{"config.yaml", "defaults: [base, {db: pg}, {override server: slow}]\n"},
                            {"base.yaml", "defaults: [{server: fast}]\n"},
                            {"server/fast.yaml", "threads: 8\n"},
                            {"server/slow.yaml", "threads: 1\n"},
                            {"db/pg.yaml", "port: 1\n"}};
  EXPECT_EQ(composed(folder), "server:\n  threads: 1\ndb:\n  port: 1\n");
  EXPECT_EQ(composed(folder, {"server=fast"}), "server:\n  threads: 8\ndb:\n  port: 1\n");
}

TEST(DefaultsListTest, AddedFileMayOverrideWhatStandsAboveIt) {
  const ConfigFolder folder{
      {"config.yaml", "defaults: [{db: pg}, _self_]\nlevel: 1\n"},
      {"db/pg.yaml", "port: 1\n"},
      {"db/sqlite.yaml", "file: x\n"},
      {"experiment/small.yaml", "# @package _global_\ndefaults: [{override /db: sqlite}]\nlevel: 2\n"}};
  EXPECT_EQ(composed(folder, {"+experiment=small"}), "db:\n  file: x\nlevel: 2\n");
}

TEST(DefaultsListTest, GroupsAreChosenAddedAndRemovedByOverrides) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}, {db@backup: pg}]\n"},
                            {"db/pg.yaml", "port: 1\n"},
                            {"db/sqlite.yaml", "file: x\n"},
                            {"log/json.yaml", "format: json\n"}};
  EXPECT_EQ(composed(folder, {"db=sqlite"}), "db:\n  file: x\nbackup:\n  port: 1\n");
  EXPECT_EQ(composed(folder, {"db@backup=sqlite"}), "db:\n  port: 1\nbackup:\n  file: x\n");
  EXPECT_EQ(composed(folder, {"+log=json", "log.format=text"}),
            "db:\n  port: 1\nbackup:\n  port: 1\nlog:\n  format: text\n");
  EXPECT_EQ(composed(folder, {"+log@x.y=json"}), "db:\n  port: 1\nbackup:\n  port: 1\nx:\n  y:\n    format: json\n");
  EXPECT_EQ(composed(folder, {"~db"}), "backup:\n  port: 1\n");
  EXPECT_EQ(composed(folder, {"~db@backup=pg"}), "db:\n  port: 1\n");
  EXPECT_EQ(composed(folder, {"db=null"}), "backup:\n  port: 1\n");
}

TEST(DefaultsListTest, ChoiceMayNameOtherChoices) {
  const ConfigFolder folder{
      {"config.yaml", "defaults: [{db: pg}, {log: json}, \"${db}_${log}\", {extra: \"for_${db}\"}]\n"},
      {"db/pg.yaml", "port: 1\n"},
      {"db/sqlite.yaml", "file: x\n"},
      {"log/json.yaml", "format: json\n"},
      {"pg_json.yaml", "both: pg\n"},
      {"sqlite_json.yaml", "both: sqlite\n"},
      {"extra/for_pg.yaml", "e: pg\n"},
      {"extra/for_sqlite.yaml", "e: sqlite\n"}};
  EXPECT_EQ(composed(folder), "db:\n  port: 1\nlog:\n  format: json\nboth: pg\nextra:\n  e: pg\n");
  EXPECT_EQ(composed(folder, {"db=sqlite"}),
            "db:\n  file: x\nlog:\n  format: json\nboth: sqlite\nextra:\n  e: sqlite\n");
}

TEST(DefaultsListTest, InterpolationOfWhatIsNotChosenIsRefused) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}, \"${bd}\"]\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_THAT(failure(folder), AllOf(HasSubstr("config.yaml:1:22"), HasSubstr("'bd' is none; did you mean 'db'?")));
}

TEST(DefaultsListTest, MissingOptionNamesItsNeighbours) {
  const ConfigFolder folder{{"config.yaml", "a: 1\ndefaults:\n  - db: sqlit\n"}, {"db/sqlite.yaml", "file: x\n"}};
  EXPECT_EQ(failure(folder), folder.file("config.yaml") + ":3:5: no configuration file 'db/sqlit.yaml' in '" +
                                 folder.path() + "'; did you mean 'sqlite'?");
}

TEST(DefaultsListTest, GroupThatNeedsAChoiceListsThem) {
  const ConfigFolder folder{
      {"config.yaml", "defaults:\n  - db: ???\n"}, {"db/sqlite.yaml", "file: x\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_EQ(failure(folder), folder.file("config.yaml") +
                                 ":2:5: the group 'db' needs a choice: ???; choose with db=... one of: pg, sqlite");
  EXPECT_EQ(composed(folder, {"db=pg"}), "db:\n  port: 1\n");
}

TEST(DefaultsListTest, CycleIsOneError) {
  const ConfigFolder folder{
      {"config.yaml", "defaults: [a]\n"}, {"a.yaml", "defaults: [b]\n"}, {"b.yaml", "x: 1\ndefaults: [a]\n"}};
  EXPECT_EQ(failure(folder), folder.file("b.yaml") + ":2:12: the defaults are cyclic: config -> a -> b -> a");
  folder.add("config.yaml", "defaults: [config]\n");
  EXPECT_THAT(failure(folder), HasSubstr("cyclic: config -> config"));
}

TEST(DefaultsListTest, MultiplyingDefaultsAreStopped) {
  const ConfigFolder folder{{"config.yaml", "defaults: [a0, a0]\n"}, {"a12.yaml", "x: 1\n"}};
  for (int i = 0; i < 12; ++i) {
    const std::string next = "a" + std::to_string(i + 1);
    folder.add("a" + std::to_string(i) + ".yaml", "defaults: [" + next + ", " + next + "]\n");
  }
  EXPECT_THAT(failure(folder), HasSubstr("more than 1,000 files in the defaults"));
}

TEST(DefaultsListTest, GroupChosenTwiceIsRefused) {
  const ConfigFolder folder{{"config.yaml", "defaults:\n  - db: pg\n  - db: pg\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_THAT(failure(folder), AllOf(HasSubstr("config.yaml:2:5: the group 'db' is in the defaults twice"),
                                     HasSubstr("- override db: option"), HasSubstr("db@package")));
}

TEST(DefaultsListTest, OverrideOfAnAbsentGroupIsRefused) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}, {override bd: pg}]\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_THAT(failure(folder), HasSubstr("config.yaml:1:23: the defaults have no group 'bd'; did you mean 'db'?"));
  folder.add("config.yaml", "defaults: [{db: pg}]\n");
  folder.add("log/json.yaml", "a: 1\n");
  EXPECT_THAT(failure(folder, {"log=json"}),
              HasSubstr("override 'log=...': the defaults have no group 'log'; known: db; "
                        "to add it, write +log=..."));
  EXPECT_THAT(failure(folder, {"~log"}), HasSubstr("override '~log': the defaults have no group 'log'"));
  EXPECT_THAT(failure(folder, {"~db=sqlite"}), HasSubstr("the defaults have no group 'db'"));
}

TEST(DefaultsListTest, MalformedListsAreRefused) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"defaults: base\n", ":1:1: 'defaults' is a list of configurations, found text"},
      {"defaults: {db: pg}\n", ":1:1: 'defaults' is a list of configurations, found a map"},
      {"defaults: [[a]]\n", ":1:12: expected the name of a configuration, or 'group: option', found a list"},
      {"defaults: [~]\n", ":1:12: expected the name of a configuration, or 'group: option', found null"},
      {"defaults: [{}]\n", ":1:12: an entry with a group is one '- group: option', here are 0 keys"},
      {"defaults: [{a: x, b: y}]\n", "here are 2 keys"},
      {"defaults: [{db: {x: 1}}]\n", "expected the name of an option, a list of names, or null, found a map"},
      {"defaults: [{db: [[x]]}]\n", "expected the name of an option, found a list"},
      {"defaults: [{optinal db: x}]\n", "unknown word 'optinal' before a group; known: optional, override"},
      {"defaults: [_self_, _self_]\n", ":1:20: _self_ stands in this list twice"},
      {"defaults: [_self_@x]\n", "_self_ takes no package"},
      {"defaults: [override a]\n", "only a group can be overridden"},
      {"defaults: [{override a: x}, {b: y}]\n", "entries with 'override' stand at the end of the list"},
      {"defaults:\n  - override ${a}: x\n", "an override cannot depend on other choices"},
      {"defaults: [\"@x\"]\n", "a name is missing before '@'"},
      {"defaults: [a@]\n", "a package looks like a.b, _global_ or _here_"},
      {"defaults: [a@b..c]\n", "a package looks like"},
      {"# @package\na: 1\n", ":1:1: this header is '# @package NAME', with one name"},
      {"#\n# @package a b\na: 1\n", ":2:1: this header is '# @package NAME', with one name"},
  };
  for (const auto& [text, error] : cases) {
    const ConfigFolder folder{{"config.yaml", text}};
    EXPECT_THAT(failure(folder), AllOf(HasSubstr(folder.file("config.yaml")), HasSubstr(error))) << text;
  }
}

TEST(DefaultsListTest, GroupOverrideTakesNamesAlone) {
  const ConfigFolder folder{{"config.yaml", "defaults: [{db: pg}]\n"}, {"db/pg.yaml", "port: 1\n"}};
  EXPECT_THAT(failure(folder, {"db=[[pg]]"}),
              HasSubstr("a group takes the name of an option, a list of names, or null"));
  EXPECT_THAT(failure(folder, {"++db=pg"}), HasSubstr("a group takes no '++'"));
  EXPECT_THAT(failure(folder, {"db@=pg"}), HasSubstr("a package looks like"));
  EXPECT_THAT(failure(folder, {"other@x=pg"}), HasSubstr("'other' is no group, so '@' has no meaning"));
  EXPECT_EQ(composed(folder, {"db={port: 2}"}), "db:\n  port: 2\n");
}

}  // namespace
}  // namespace core_lib
