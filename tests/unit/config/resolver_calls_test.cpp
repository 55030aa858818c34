// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <stdexcept>

#include "core_lib/config/config.hpp"
#include "core_lib/config/resolvers.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A variable of the environment, gone at the end of a test.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) { setenv(name, value, 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() { unsetenv(name_); }

 private:
  const char* name_;
};

Config value(const std::string& text) { return Config::parse("n: 5\nz: ~\na: " + text, "f")["a"]; }

std::string call_failure(const std::string& text) {
  return config_error([&] { return value(text).as<std::string>(); });
}

TEST(ResolverCallsTest, EnvironmentGivesText) {
  const Variable port("CORE_LIB_TEST_PORT", "5432");
  const Variable empty("CORE_LIB_TEST_EMPTY", "");
  EXPECT_EQ(value("${oc.env:CORE_LIB_TEST_PORT}").as<std::string>(), "5432");
  EXPECT_EQ(value("${oc.env:CORE_LIB_TEST_PORT}").as<int>(), 5432);
  EXPECT_EQ(value("x-${oc.env:CORE_LIB_TEST_PORT}").as<std::string>(), "x-5432");
  EXPECT_EQ(value("${oc.env:CORE_LIB_TEST_EMPTY,default}").as<std::string>(), "");
}

TEST(ResolverCallsTest, EnvironmentIsReadAtEachRead) {
  const Config config = value("${oc.env:CORE_LIB_TEST_LATER,none}");
  EXPECT_EQ(config.as<std::string>(), "none");
  const Variable later("CORE_LIB_TEST_LATER", "now");
  EXPECT_EQ(config.as<std::string>(), "now");
}

TEST(ResolverCallsTest, UnsetVariableIsNamedWithThePath) {
  EXPECT_EQ(
      call_failure("${oc.env:CORE_LIB_TEST_UNSET}"),
      "a (f:3:4): the environment variable 'CORE_LIB_TEST_UNSET' is not set, and ${oc.env:CORE_LIB_TEST_UNSET} has "
      "no default");
  const Config config =
      Config::parse("db: {password: \"${oc.env:CORE_LIB_TEST_UNSET}\", url: \"x${db.password}\"}", "f");
  EXPECT_THAT(
      config_error([&] { return config.at("db.url").as<std::string>(); }),
      testing::AllOf(HasSubstr("db.password (f:1:16): the environment variable 'CORE_LIB_TEST_UNSET' is not set"),
                     HasSubstr("read for db.url (f:1:")));
}

TEST(ResolverCallsTest, DefaultStandsForAnUnsetVariable) {
  struct Case {
    const char* text;
    const char* expected;
  };
  const Case cases[] = {
      {"${oc.env:CORE_LIB_TEST_UNSET,x}", "x"},         {"${oc.env:CORE_LIB_TEST_UNSET,5432}", "5432"},
      {"${oc.env:CORE_LIB_TEST_UNSET,}", ""},           {"${oc.env:CORE_LIB_TEST_UNSET,'a, b'}", "a, b"},
      {"${oc.env:CORE_LIB_TEST_UNSET,${n}}", "5"},      {"${oc.env:CORE_LIB_TEST_UNSET,x${n}}", "x5"},
      {"${oc.env:CORE_LIB_TEST_UNSET,'null'}", "null"}, {"${oc.env:CORE_LIB_TEST_UNSET,a b}", "a b"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(value(text).as<std::string>(), expected) << text;
  EXPECT_TRUE(value("${oc.env:CORE_LIB_TEST_UNSET,true}").as<bool>());
  EXPECT_TRUE(value("${oc.env:CORE_LIB_TEST_UNSET,null}").is_null());
  EXPECT_TRUE(value("${oc.env:CORE_LIB_TEST_UNSET,${z}}").is_null());
  EXPECT_TRUE(value("${oc.env:CORE_LIB_TEST_UNSET,${oc.env:CORE_LIB_TEST_UNSET,null}}").is_null());
}

TEST(ResolverCallsTest, NameOfAVariableMayBeComputed) {
  const Variable variable("CORE_LIB_TEST_5", "five");
  EXPECT_EQ(value("${oc.env:CORE_LIB_TEST_${n}}").as<std::string>(), "five");
}

TEST(ResolverCallsTest, DecodeReadsTheGrammarOfOverrides) {
  const Variable list("CORE_LIB_TEST_LIST", "[1, 'x y', {a: true}]");
  const Config decoded = value("${oc.decode:${oc.env:CORE_LIB_TEST_LIST}}");
  EXPECT_TRUE(decoded.is_list());
  EXPECT_EQ(decoded[1].as<std::string>(), "x y");
  EXPECT_TRUE(decoded.at("[2].a").as<bool>());
  EXPECT_EQ(decoded.at("[2].a").path(), "a[2].a");
  EXPECT_TRUE(value("${oc.decode:null}").is_null());
  EXPECT_TRUE(value("${oc.decode:${oc.env:CORE_LIB_TEST_UNSET,null}}").is_null());
  EXPECT_EQ(value("${oc.decode:'5'}").as<int>(), 5);
  EXPECT_TRUE(value("${oc.decode:'{}'}").is_map());
}

TEST(ResolverCallsTest, TextThatDoesNotDecodeIsNotShown) {
  const Variable broken("CORE_LIB_TEST_BROKEN", "[hunter2");
  EXPECT_EQ(call_failure("${oc.decode:${oc.env:CORE_LIB_TEST_BROKEN}}"),
            "a (f:3:4): oc.decode cannot read its text, at character 9: ']' is missing");
  const Variable empty("CORE_LIB_TEST_EMPTY", "");
  EXPECT_EQ(call_failure("${oc.decode:${oc.env:CORE_LIB_TEST_EMPTY}}"), "a (f:3:4): oc.decode got an empty text");
  const Variable nested("CORE_LIB_TEST_NESTED", "${n}");
  EXPECT_THAT(call_failure("${oc.decode:${oc.env:CORE_LIB_TEST_NESTED}}"),
              HasSubstr("an interpolation is not allowed here"));
}

TEST(ResolverCallsTest, SelectFallsBackWhereThereIsNothing) {
  EXPECT_EQ(value("${oc.select:n,7}").as<int>(), 5);
  EXPECT_EQ(value("${oc.select:x.y,7}").as<int>(), 7);
  EXPECT_EQ(value("${oc.select:n.y,7}").as<int>(), 7);
  EXPECT_EQ(value("${oc.select:x,${n}}").as<int>(), 5);
  EXPECT_TRUE(value("${oc.select:x}").is_null());
  EXPECT_TRUE(value("${oc.select:x,[1]}").is_list());
  EXPECT_EQ(
      Config::parse("m: {x: 1, y: '\?\?\?', a: \"${oc.select:.x,7}\", b: \"${oc.select:.y,7}\"}").at("m.a").as<int>(),
      1);
  EXPECT_EQ(
      Config::parse("m: {x: 1, y: '\?\?\?', a: \"${oc.select:.x,7}\", b: \"${oc.select:.y,7}\"}").at("m.b").as<int>(),
      7);
}

TEST(ResolverCallsTest, ArgumentsAreCounted) {
  EXPECT_EQ(call_failure("${oc.env:}"), "a (f:3:4): the resolver 'oc.env' takes 1 or 2 arguments, here are 0");
  EXPECT_EQ(call_failure("${oc.env:a,b,c}"), "a (f:3:4): the resolver 'oc.env' takes 1 or 2 arguments, here are 3");
  EXPECT_EQ(call_failure("${oc.decode:a,b}"), "a (f:3:4): the resolver 'oc.decode' takes 1 argument, here are 2");
  EXPECT_THAT(call_failure("${oc.env:[a]}"),
              HasSubstr("the resolver 'oc.env' takes text, argument 1 is a list or a map"));
}

TEST(ResolverCallsTest, UnknownResolverSuggestsNearOnes) {
  EXPECT_EQ(call_failure("${oc.evn:HOME}"), "a (f:3:4): unknown resolver 'oc.evn'; did you mean 'oc.env'?");
  EXPECT_EQ(call_failure("${secret:x}"), "a (f:3:4): unknown resolver 'secret'; known: oc.decode, oc.env, oc.select");
}

TEST(ResolverCallsTest, ResolverOfOnesOwnGetsItsArgumentsAsText) {
  std::vector<std::string> seen;
  const Config config = Config::parse("{n: 5, a: \"${app.join:x, '${n}' ,}\"}", "f",
                                      Resolvers().add("app.join", [&](const auto& arguments) {
                                        seen = arguments;
                                        return std::string("7");
                                      }));
  EXPECT_EQ(config["a"].as<int>(), 7);
  EXPECT_THAT(seen, ElementsAre("x", "5", ""));
}

TEST(ResolverCallsTest, ResolverOfOnesOwnReplacesTheEnvironment) {
  const Config config =
      Config::parse("a: ${oc.env:HOME}", "f", Resolvers().add("oc.env", [](const auto&) { return "none"; }));
  EXPECT_EQ(config["a"].as<std::string>(), "none");
}

TEST(ResolverCallsTest, FailureOfAResolverIsKeptAsTheCause) {
  const Config config =
      Config::parse("a: ${vault:x}", "f",
                    Resolvers().add("vault", [](const auto&) -> std::string { throw std::runtime_error("sealed"); }));
  try {
    static_cast<void>(config["a"].as<std::string>());
    FAIL() << "no error";
  } catch (const ConfigError& error) {
    EXPECT_STREQ(error.what(), "a (f:1:4): the resolver 'vault' failed: sealed");
    EXPECT_THROW(std::rethrow_exception(error.cause()), std::runtime_error);
  }
}

TEST(ResolverCallsTest, WrongTypeOfAnEnvironmentValueDoesNotShowIt) {
  const Variable secret("CORE_LIB_TEST_SECRET", "hunter2");
  const std::string message = config_error([] { return value("${oc.env:CORE_LIB_TEST_SECRET}").as<int>(); });
  EXPECT_EQ(message, "a (f:3:4): expected an integer of 32 bits, found text that is none");
}

}  // namespace
}  // namespace core_lib
