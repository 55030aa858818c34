// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/target_arguments.hpp"

#include <functional>

#include "core_lib/config/instantiate_config.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;

struct Result {
  std::string text;
};

// What a factory reads from its arguments.
std::string read(const std::string& yaml, std::function<std::string(const TargetArguments&)> reader) {
  TargetRegistry registry;
  registry.add<Result>(
      {"x"}, [&](const TargetArguments& arguments) { return std::make_shared<Result>(Result{reader(arguments)}); });
  return instantiate_config<Result>(Config::parse(yaml, "f"), registry)->text;
}

TEST(TargetArgumentsTest, ValuesAreReadByNameOrPath) {
  EXPECT_EQ(read("{_target_: x, a: 5}",
                 [](const auto& arguments) { return std::to_string(arguments.template get<int>("a")); }),
            "5");
  EXPECT_EQ(read("{_target_: x, a: {b: y}}",
                 [](const auto& arguments) { return arguments.template get<std::string>("a.b"); }),
            "y");
}

TEST(TargetArgumentsTest, FallbackStandsForWhatIsNotThere) {
  const auto reader = [](const TargetArguments& arguments) {
    return arguments.get<std::string>("a", "fallback") + (arguments.contains("a") ? "+" : "-");
  };
  EXPECT_EQ(read("{_target_: x}", reader), "fallback-");
  EXPECT_EQ(read("{_target_: x, a: ~}", reader), "fallback+");
  EXPECT_EQ(read("{_target_: x, a: '\?\?\?'}", reader), "fallback-");
  EXPECT_EQ(read("{_target_: x, a: y}", reader), "y+");
}

TEST(TargetArgumentsTest, ConfigFallsBackToTheWholeNode) {
  const auto reader = [](const TargetArguments& arguments) { return arguments.config().get<std::string>("a", "none"); };
  EXPECT_EQ(read("{_target_: x, config: {a: inner}, }", reader), "inner");
  EXPECT_EQ(read("{_target_: x, a: outer, anything: 1}", reader), "outer");
  EXPECT_THAT(config_error([&] { return read("{_target_: x, config: {a: inner}, other: 1}", reader); }),
              HasSubstr("unknown argument 'other'"));
}

TEST(TargetArgumentsTest, OtherConfigMustBeThere) {
  EXPECT_EQ(read("{_target_: x, db: {a: y}}",
                 [](const auto& arguments) { return arguments.config("db").at("a").template as<std::string>(); }),
            "y");
  EXPECT_THAT(config_error([] {
                return read("{_target_: x}", [](const auto& arguments) { return arguments.config("db").path(); });
              }),
              HasSubstr("no key 'db'"));
}

TEST(TargetArgumentsTest, WholeNodeIsAtHand) {
  EXPECT_EQ(read("{_target_: x, }",
                 [](const auto& arguments) { return arguments.node().at("_target_").template as<std::string>(); }),
            "x");
}

TEST(TargetArgumentsTest, ConfigOutlivesTheCall) {
  Config kept;
  EXPECT_EQ(read("{_target_: x, db: {a: y}}",
                 [&](const TargetArguments& arguments) {
                   kept = arguments.config("db");
                   return std::string();
                 }),
            "");
  EXPECT_EQ(kept["a"].as<std::string>(), "y");
}

}  // namespace
}  // namespace core_lib
