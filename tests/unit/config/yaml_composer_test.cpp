// SPDX-License-Identifier: Apache-2.0
#include "config/yaml_composer.hpp"

#include "config/access.hpp"
#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Config parsed(const std::string& text) { return Config::parse(text, "f"); }

std::string syntax_failure(const std::string& text) {
  return config_error([&] { return Config::parse(text, "f"); });
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

TEST(YamlComposerTest, EmptyTextIsAnEmptyMap) {
  for (const char* text : {"", "\n", "# nothing\n", "---\n", "--- # nothing\n...\n", "~", "\xEF\xBB\xBF"}) {
    EXPECT_EQ(parsed(text).to_string(), "{}\n") << text;
  }
}

TEST(YamlComposerTest, RootMayBeAListButNoValue) {
  EXPECT_EQ(parsed("- a\n- {b: 1}\n").to_string(), "- a\n-\n  b: 1\n");
  EXPECT_EQ(syntax_failure("5"), "f:1:1: a configuration is a map or a list, this is a single value");
}

TEST(YamlComposerTest, LoneWordIsAKeyWithoutValue) { EXPECT_EQ(parsed("core_lib\n").to_string(), "core_lib: null\n"); }

TEST(YamlComposerTest, BlockAndFlowStylesSayTheSame) {
  const std::string flow = parsed("{a: {b: [1, {c: x}]}, d: ~}").to_string();
  EXPECT_EQ(parsed("a:\n  b:\n  - 1\n  - c: x\nd:\n").to_string(), flow);
}

TEST(YamlComposerTest, BlockScalarsKeepOrFoldTheirLines) {
  EXPECT_EQ(parsed("a: |\n  one\n  two\n")["a"].as<std::string>(), "one\ntwo\n");
  EXPECT_EQ(parsed("a: >-\n  one\n  two\n")["a"].as<std::string>(), "one two");
}

TEST(YamlComposerTest, QuotedScalarsAreText) {
  const Config config = parsed(R"({a: "5", b: 'true', c: "~", d: "???", e: "x\ty\u00e9", f: 'it''s', g: !!str 5})");
  for (const char* key : {"a", "b", "c", "g"}) EXPECT_TRUE(config[key].is_scalar()) << key;
  EXPECT_EQ(config["b"].as<std::string>(), "true");
  EXPECT_EQ(config["c"].as<std::string>(), "~");
  EXPECT_TRUE(config["d"].is_missing());
  EXPECT_EQ(config["e"].as<std::string>(), "x\ty\xC3\xA9");
  EXPECT_EQ(config["f"].as<std::string>(), "it's");
  EXPECT_EQ(Access::node(config["g"]).kind, Kind::text);
}

TEST(YamlComposerTest, OwnTagsMustFitTheirValue) {
  EXPECT_EQ(parsed("a: !!int '5'")["a"].as<int>(), 5);
  EXPECT_EQ(parsed("a: !!float 5")["a"].as<double>(), 5.0);
  EXPECT_TRUE(parsed("a: !!null ''")["a"].is_null());
  EXPECT_TRUE(parsed("a: !!bool 'yes'")["a"].as<bool>());
  EXPECT_EQ(parsed("a: !!seq [1]\nb: !!map {c: 1}").size(), 2U);
  EXPECT_EQ(syntax_failure("a: !!int x"), "f:1:4: the tag 'tag:yaml.org,2002:int' does not fit this value");
}

TEST(YamlComposerTest, UnknownTagIsRefused) {
  for (const char* text : {"a: !foo x", "a: !!python/object/apply:os.system [x]", "a: !foo {b: 1}",
                           "a: !!binary aGk=", "a: !!timestamp 2022-01-01", "a: !!set {x: ~}"}) {
    EXPECT_THAT(syntax_failure(text), StartsWith("f:1:4: unknown tag '")) << text;
  }
}

TEST(YamlComposerTest, KeysMayBeNumbersAndHoldDots) {
  const Config config = parsed("1: a\ntrue: b\n1.5: c\nx.y: d\n'': e\n");
  EXPECT_THAT(config.keys(), ElementsAre("1", "true", "1.5", "x.y", ""));
  EXPECT_EQ(config["1"].as<std::string>(), "a");
  EXPECT_EQ(config["x.y"].as<std::string>(), "d");
}

TEST(YamlComposerTest, KeyMustBeOneValue) {
  EXPECT_EQ(syntax_failure("~: 1"), "f:1:1: a key must not be null; quote it if it is text");
  EXPECT_EQ(syntax_failure("? [a]\n: 1"), "f:1:3: a key must be a single value, not a map or a list");
  EXPECT_EQ(syntax_failure("? {a: 1}\n: 1"), "f:1:3: a key must be a single value, not a map or a list");
}

TEST(YamlComposerTest, DuplicateKeyTellsBothPlaces) {
  EXPECT_EQ(syntax_failure("a: 1\nb: 2\na: 3\n"), "f:3:1: duplicate key 'a'; the first is at 1:1");
  EXPECT_EQ(syntax_failure("{x: {a: 1, 'a': 2}}"), "f:1:12: duplicate key 'a'; the first is at 1:6");
  std::string text;
  for (int i = 0; i < 100; ++i) text += "k" + std::to_string(i) + ": 0\n";
  EXPECT_EQ(syntax_failure(text + "k7: 1\n"), "f:101:1: duplicate key 'k7'; the first is at 8:1");
}

TEST(YamlComposerTest, SecondDocumentIsRefused) {
  EXPECT_EQ(syntax_failure("a: 1\n---\nb: 2\n"),
            "f:2:1: a second document begins here; a configuration is one document");
}

TEST(YamlComposerTest, TabIndentationIsToldAsSuch) {
  EXPECT_THAT(syntax_failure("a:\n\tb: 1\n"), StartsWith("f:2:1: not valid YAML: "));
  EXPECT_THAT(syntax_failure("a:\n\tb: 1\n"), HasSubstr("tabs cannot indent, use spaces"));
  EXPECT_THAT(syntax_failure("a:\n  b: 1\n \tc: 2\n"), HasSubstr("tabs cannot indent, use spaces"));
}

TEST(YamlComposerTest, BrokenYamlIsToldWithItsPlace) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"a: [1, 2", "f:2:1: not valid YAML"},      {"a: 'x", "f:1:6: not valid YAML"},
      {"a: b: c", "f:1:5: not valid YAML"},       {"a: 1\n  b: 2\n", "f:2:4: not valid YAML"},
      {"- a\nb: 1", "f:2:1: not valid YAML"},     {"a: @x", "f:1:4: not valid YAML"},
      {"{b: ???}", "f:1:5: not valid YAML"},      {"a: \"\\q\"", "not valid YAML"},
      {"%YAML 3.0\n---\na: 1", "not valid YAML"},
  };
  for (const auto& [text, error] : cases) EXPECT_THAT(syntax_failure(text), HasSubstr(error)) << text;
}

TEST(YamlComposerTest, AliasIsACopyWithAPathOfItsOwn) {
  const Config config = parsed("a: &x {b: [1, 2]}\nc: *x\nd: [*x]\n");
  EXPECT_EQ(config.at("c.b[1]").as<int>(), 2);
  EXPECT_EQ(config.at("c.b[1]").path(), "c.b[1]");
  EXPECT_EQ(config.at("c.b[1]").where(), "f:1:15");
  EXPECT_EQ(config.at("d[0].b[0]").path(), "d[0].b[0]");
}

TEST(YamlComposerTest, AnchorsMayBeReusedAndStandOnKeys) {
  EXPECT_EQ(parsed("a: &x 1\nb: &x 2\nc: *x\n")["c"].as<int>(), 2);
  EXPECT_EQ(parsed("&k name: 1\nother: *k\n")["other"].as<std::string>(), "name");
  EXPECT_EQ(parsed("a: &x name\n*x : 1\n")["name"].as<int>(), 1);
}

TEST(YamlComposerTest, WrongAliasIsRefused) {
  EXPECT_EQ(syntax_failure("a: *nothing"), "f:1:4: unknown alias '*nothing'");
  EXPECT_EQ(syntax_failure("*nothing : 1"), "f:1:1: unknown alias '*nothing'");
  EXPECT_EQ(syntax_failure("&a [*a]"), "f:1:5: the alias '*a' stands inside of what it names");
  EXPECT_EQ(syntax_failure("a: &a {b: {c: *a}}"), "f:1:15: the alias '*a' stands inside of what it names");
}

TEST(YamlComposerTest, MergeKeyBringsEntriesThatAreNotThere) {
  const Config config = parsed("base: &b {x: 1, y: 1}\nuse:\n  y: 2\n  <<: *b\n  z: 3\n");
  EXPECT_EQ(config["use"].to_string(), "x: 1\ny: 2\nz: 3\n");
  EXPECT_EQ(config["base"].to_string(), "x: 1\ny: 1\n");
  EXPECT_EQ(parsed("a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc: {<<: [*a, *b]}")["c"].to_string(), "x: 1\ny: 2\n");
  EXPECT_EQ(parsed("a: {<<: {x: 1}}")["a"].to_string(), "x: 1\n");
  EXPECT_EQ(parsed("a: {'<<': 1}")["a"].to_string(), "\"<<\": 1\n");
}

TEST(YamlComposerTest, MergeKeyTakesMapsAlone) {
  EXPECT_EQ(syntax_failure("a: {<<: 1}"), "f:1:5: '<<' takes a map or a list of maps");
  EXPECT_EQ(syntax_failure("a: {<<: [1]}"), "f:1:5: '<<' takes a map or a list of maps");
  EXPECT_EQ(syntax_failure("a: {<<: [[{x: 1}]]}"), "f:1:5: '<<' takes a map or a list of maps");
  EXPECT_THAT(syntax_failure("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n"),
              HasSubstr("f:4:3: duplicate key '<<'; the first is at 3:3; merge several maps with <<: [*a, *b]"));
  EXPECT_THAT(syntax_failure("a: &a {x: 1}\nb: {<<: *a, x: 1, x: 2}"), HasSubstr("duplicate key 'x'"));
}

TEST(YamlComposerTest, TextThatYamlCannotHoldIsRefused) {
  EXPECT_EQ(syntax_failure("a: 1\nb: \xFF\n"), "f:2:4: not valid UTF-8");
  EXPECT_EQ(syntax_failure(std::string("a: x\0y", 6)), "f:1:5: NUL is not allowed in YAML");
  EXPECT_EQ(syntax_failure("a: x\x01"), "f:1:5: this control character is not allowed in YAML");
}

TEST(YamlComposerTest, DepthIsBounded) {
  const auto nested = [](std::size_t depth) { return repeated("[", depth) + repeated("]", depth); };
  EXPECT_NO_THROW(parsed("a: " + nested(max_depth)));
  EXPECT_EQ(syntax_failure("a: " + nested(max_depth + 1)), "f:1:204: nested deeper than 200 levels");
  std::string block;
  for (std::size_t i = 0; i < 300; ++i) block += std::string(i, ' ') + "a:\n";
  EXPECT_THAT(syntax_failure(block), HasSubstr("nested deeper than 200 levels"));
}

TEST(YamlComposerTest, MillionsOfBracketsStopAtTheBound) {
  EXPECT_EQ(syntax_failure("a: " + repeated("[", 5'000'000)), "f:1:204: nested deeper than 200 levels");
}

TEST(YamlComposerTest, DepthThroughAliasesIsBounded) {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i < 300; ++i) {
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  EXPECT_THAT(syntax_failure(text),
              testing::AnyOf(HasSubstr("nested deeper"), HasSubstr("aliases expand to too many values")));
}

TEST(YamlComposerTest, MultiplyingAliasesStopAtTheBound) {
  std::string text = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int k = 0; k < 8; ++k) text += "," + before;
    text += "]\n";
  }
  EXPECT_THAT(syntax_failure(text), HasSubstr("aliases expand to too many values"));
}

TEST(YamlComposerTest, ManyAliasesOfOneLargeValueStopAtTheBound) {
  const std::string large = "a: &a [" + repeated("x,", 1000) + "x]\n";
  std::string text = large;
  for (int i = 0; i < 9; ++i) text += "b" + std::to_string(i) + ": *a\n";
  EXPECT_NO_THROW(parsed(text));
  EXPECT_THAT(syntax_failure(text + "c: *a\n"), HasSubstr("at most 10000, and 100 for each one written"));
}

TEST(YamlComposerTest, NumberOfValuesIsBounded) {
  EXPECT_THAT(syntax_failure("[" + repeated("1,", max_nodes) + "1]"), HasSubstr("more than 250000 values"));
}

TEST(YamlComposerTest, SizeIsBounded) {
  const std::string large = "# " + std::string(max_file_size, 'x');
  EXPECT_EQ(syntax_failure(large), "f: larger than 16 MiB");
  const ConfigFolder folder{{"config.yaml", large}};
  EXPECT_EQ(config_error([&] { return Config::load(folder.file("config.yaml")); }),
            "cannot read the configuration file '" + folder.file("config.yaml") + "': larger than 16 MiB");
}

TEST(YamlComposerTest, FileThatCannotBeReadIsToldWithTheReason) {
  const ConfigFolder folder{{"there.yaml", "a: 1"}};
  EXPECT_EQ(Config::load(folder.file("there.yaml"))["a"].where(), folder.file("there.yaml") + ":1:4");
  EXPECT_EQ(config_error([&] { return Config::load(folder.file("not.yaml")); }),
            "cannot read the configuration file '" + folder.file("not.yaml") + "': No such file or directory");
  EXPECT_EQ(config_error([&] { return Config::load(folder.path()); }),
            "cannot read the configuration file '" + folder.path() + "': Is a directory");
}

TEST(YamlComposerTest, MalformedInterpolationFailsAtLoad) {
  EXPECT_EQ(syntax_failure("a:\n  b: x${c\n"),
            "a.b (f:2:6): malformed interpolation, at character 5: an interpolation has no '}'");
}

}  // namespace
}  // namespace core_lib::config
