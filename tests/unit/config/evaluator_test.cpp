// SPDX-License-Identifier: Apache-2.0
#include "config/evaluator.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_at(const std::string& yaml, std::string_view path) {
  return Config::parse(yaml, "f").at(path).as<std::string>();
}

std::string failure(const std::string& yaml, std::string_view path) {
  return config_error([&] { return text_at(yaml, path); });
}

TEST(EvaluatorTest, ReferenceKeepsTheTypeOfItsTarget) {
  const Config config = Config::parse(
      "{n: 5, t: true, z: ~, m: {x: 1}, l: [1, 2],"
      " rn: \"${n}\", rt: \"${t}\", rz: \"${z}\", rm: \"${m}\", rl: \"${l}\"}");
  EXPECT_EQ(config["rn"].as<int>(), 5);
  EXPECT_TRUE(config["rt"].as<bool>());
  EXPECT_TRUE(config["rz"].is_null());
  EXPECT_TRUE(config["rm"].is_map());
  EXPECT_EQ(config.at("rm.x").as<int>(), 1);
  EXPECT_THAT(config["rl"].as<std::vector<int>>(), ElementsAre(1, 2));
  EXPECT_EQ(config.get<int>("rz", 9), 9);
}

TEST(EvaluatorTest, InterpolationsInTextAreJoined) {
  EXPECT_EQ(text_at("{n: 5, t: yes, z: ~, x: \"a${n}b${t}c${z}\"}", "x"), "a5btruecnull");
  EXPECT_EQ(text_at("{h: x, x: \"http://${h}:${p}/\", p: 80}", "x"), "http://x:80/");
}

TEST(EvaluatorTest, NumberInTextReadsAsANumber) {
  EXPECT_EQ(Config::parse("{a: 1, b: \"${a}${a}\"}")["b"].as<int>(), 11);
}

TEST(EvaluatorTest, RelativeReferencesStartWhereTheyStand) {
  const char* yaml =
      "a: 0\nx:\n  a: 1\n  b: ${.a}\n  c: ${..a}\n  d: {e: \"${..a}\", f: \"${...a}\"}\n  l: [7, \"${.0}\", "
      "\"${..a}\"]\n";
  EXPECT_EQ(text_at(yaml, "x.b"), "1");
  EXPECT_EQ(text_at(yaml, "x.c"), "0");
  EXPECT_EQ(text_at(yaml, "x.d.e"), "1");
  EXPECT_EQ(text_at(yaml, "x.d.f"), "0");
  EXPECT_EQ(text_at(yaml, "x.l[1]"), "7");
  EXPECT_EQ(text_at(yaml, "x.l[2]"), "1");
  EXPECT_EQ(failure("a: ${..b}", "a"), "a (f:1:4): the interpolation ${..b} leads above the root");
}

TEST(EvaluatorTest, ReferencesReachIntoListsAndComputedKeys) {
  const char* yaml =
      "l: [{n: a}, {n: b}]\ni: 1\nk: n\nx: ${l[0].n}\ny: ${l.1.n}\nz: ${l[${i}].${k}}\nm: {a.b: 3}\nw: ${m[a.b]}\n";
  EXPECT_EQ(text_at(yaml, "x"), "a");
  EXPECT_EQ(text_at(yaml, "y"), "b");
  EXPECT_EQ(text_at(yaml, "z"), "b");
  EXPECT_EQ(text_at(yaml, "w"), "3");
}

TEST(EvaluatorTest, ReferencesLeadThroughReferences) {
  EXPECT_EQ(text_at("{a: {b: 1}, c: \"${a}\", d: \"${c.b}\", e: \"${d}\"}", "e"), "1");
  EXPECT_EQ(text_at("{p: {q: \"${r}\"}, r: {s: 2}, t: \"${p.q.s}\"}", "t"), "2");
}

TEST(EvaluatorTest, ReadingIsLazy) {
  const Config config = Config::parse("{a: \"${nothing}\", b: \"${unknown:x}\", c: 1}");
  EXPECT_EQ(config["c"].as<int>(), 1);
  EXPECT_EQ(config.size(), 3U);
}

TEST(EvaluatorTest, EscapedInterpolationIsText) {
  EXPECT_EQ(text_at("a: \\${b}", "a"), "${b}");
  EXPECT_EQ(text_at("{a: '\\\\${b}', b: 1}", "a"), "\\1");
  EXPECT_EQ(text_at("a: $b and $", "a"), "$b and $");
  EXPECT_EQ(text_at("a: 100%%(x)s", "a"), "100%%(x)s");
}

TEST(EvaluatorTest, AbsentTargetNamesNearKeysAndTheReader) {
  EXPECT_EQ(failure("db: {host: x}\na: ${db.hots}", "a"),
            "a (f:2:4): the interpolation ${db.hots} finds no key 'hots' in db (f:1:1); did you mean 'host'?");
  EXPECT_EQ(
      failure("{a: \"${b}\", b: \"${nothing}\"}", "a"),
      "b (f:1:16): the interpolation ${nothing} finds no key 'nothing' in the root (f:1:1); known: a, b; read for a "
      "(f:1:5)");
  EXPECT_THAT(failure("{l: [1], a: \"${l[3]}\"}", "a"), HasSubstr("no element '3' in l (f:1:2), a list of 1"));
  EXPECT_EQ(failure("{n: 1, a: \"${n.x}\"}", "a"),
            "a (f:1:11): the interpolation ${n.x} looks for 'x' in n (f:1:5), which is an integer");
}

TEST(EvaluatorTest, MissingTargetIsToldWithBothPlaces) {
  EXPECT_THAT(failure("{n: '\?\?\?', a: \"x${n}\"}", "a"),
              HasSubstr("the interpolation needs n (f:1:5), which is missing: ???"));
  EXPECT_THAT(failure("{n: '\?\?\?', a: \"${n}\"}", "a"), StartsWith("n (f:1:5): the value is missing: ???"));
  EXPECT_TRUE(Config::parse("{n: '\?\?\?', a: \"${n}\"}")["a"].is_missing());
}

TEST(EvaluatorTest, ContainerDoesNotFitIntoText) {
  EXPECT_EQ(failure("{m: {x: 1}, a: \"x${m}\"}", "a"), "a (f:1:16): text cannot hold m (f:1:5), which is a map");
}

TEST(EvaluatorTest, CycleIsToldAsAChain) {
  EXPECT_EQ(failure("a: ${a}", "a"), "a (f:1:4): interpolation cycle: a -> a");
  EXPECT_EQ(failure("{a: \"${b}\", b: \"x${c}\", c: \"${a}\"}", "a"),
            "a (f:1:5): interpolation cycle: a -> b -> c -> a");
  EXPECT_THAT(failure("a: {b: \"${a.b.c}\"}", "a.b"), HasSubstr("interpolation cycle: a.b -> a.b"));
  EXPECT_THAT(failure("{a: \"${l[${a}]}\", l: [1]}", "a"), HasSubstr("interpolation cycle: a -> a"));
}

TEST(EvaluatorTest, ContainerThatContainsItselfIsReadStepByStep) {
  const Config config = Config::parse("a: {b: 1, again: \"${a}\"}");
  EXPECT_EQ(config.at("a.again.again.again.b").as<int>(), 1);
}

TEST(EvaluatorTest, ChainOfReferencesIsBounded) {
  std::string yaml = "a0: 1\n";
  for (int i = 1; i <= 200; ++i) yaml += "a" + std::to_string(i) + ": ${a" + std::to_string(i - 1) + "}\n";
  EXPECT_EQ(text_at(yaml, "a99"), "1");
  EXPECT_THAT(failure(yaml, "a200"), HasSubstr("interpolations lead to each other more than 100 times"));
}

TEST(EvaluatorTest, MultiplyingReferencesAreBounded) {
  std::string yaml = "a0: ''\n";
  std::string text = "b0: xxxxxxxxxxxxxxxx\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": ${a" + before + "}${a" + before + "}\n";
    text += "b" + std::to_string(i) + ": ${b" + before + "}${b" + before + "}${b" + before + "}${b" + before + "}\n";
  }
  EXPECT_THAT(failure(yaml, "a40"), HasSubstr("more than 10,000 interpolations for one value"));
  EXPECT_THAT(failure(text, "b40"), testing::AnyOf(HasSubstr("more than 1 MiB"), HasSubstr("more than 10,000")));
  std::string large = "a: " + std::string(600'000, 'x') + "\nb: ${a}${a}\n";
  EXPECT_THAT(failure(large, "b"), HasSubstr("interpolations make more than 1 MiB of text"));
}

TEST(EvaluatorTest, ErrorOfAComputedValueNamesWhereItWasDeclared) {
  EXPECT_EQ(config_error([] { return Config::parse("{n: x, a: \"${n}\"}", "f")["a"].as<int>(); }),
            "n (f:1:5): expected an integer of 32 bits, found text that is none");
  EXPECT_EQ(config_error([] { return Config::parse("{n: x, a: \"${n}y\"}", "f")["a"].as<int>(); }),
            "a (f:1:11): expected an integer of 32 bits, found text that is none");
}

}  // namespace
}  // namespace core_lib::config
