// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/compose.hpp"

#include "unit/config/config_folder.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::HasSubstr;

// What becomes of `under` when `over` is merged onto it.
Config merged(std::string_view under, std::string_view over) {
  const ConfigFolder folder{{"config.yaml", "defaults: [under, over]"}, {"under.yaml", under}, {"over.yaml", over}};
  return compose({.search_path = {folder.path()}});
}

TEST(MergeTest, MapsMergeDeeplyAndTheRestReplaces) {
  struct Case {
    const char* under;
    const char* over;
    const char* result;
  };
  const Case cases[] = {
      {"a: {b: {c: 1, d: 2}}", "a: {b: {d: 3, e: 4}}", "a:\n  b:\n    c: 1\n    d: 3\n    e: 4\n"},
      {"{b: 1, a: 1}", "{c: 2, a: 2}", "b: 1\na: 2\nc: 2\n"},
      {"a: [1, 2]", "a: [3]", "a:\n  - 3\n"},
      {"a: {b: 1}", "a: ~", "a: null\n"},
      {"a: {b: 1}", "a: 1", "a: 1\n"},
      {"a: {b: 1}", "a: [1]", "a:\n  - 1\n"},
      {"a: 1", "a: {b: 1}", "a:\n  b: 1\n"},
      {"a: ~", "a: {b: 1}", "a:\n  b: 1\n"},
      {"a: [1]", "a: {b: 1}", "a:\n  b: 1\n"},
      {"a: {b: 1}", "a: {}", "a:\n  b: 1\n"},
      {"a: 1", "a: ???", "a: 1\n"},
      {"a: {b: 1}", "a: ???", "a:\n  b: 1\n"},
      {"a: ~", "a: ???", "a: null\n"},
      {"a: ???", "a: 1", "a: 1\n"},
      {"a: ???", "a: ???", "a: ???\n"},
      {"b: 1", "a: ???", "b: 1\na: ???\n"},
      {"a: {b: 1}", "a: ${x}", "a: \"${x}\"\n"},
      {"a: ${x}", "a: 1", "a: 1\n"},
  };
  for (const auto& [under, over, result] : cases) {
    EXPECT_EQ(merged(under, over).to_string(), result) << under << " <- " << over;
  }
}

TEST(MergeTest, MapOverAnInterpolationKeepsWhatThatLeadsTo) {
  const Config config = merged("{shared: {x: 1, y: 1}, a: \"${shared}\"}", "a: {y: 2}");
  EXPECT_EQ(config["a"].to_string(), "x: 1\ny: 2\n");
  EXPECT_EQ(config["shared"].to_string(), "x: 1\ny: 1\n");
}

TEST(MergeTest, MapOverAnInterpolationThatLeadsNowhereReplacesIt) {
  EXPECT_EQ(merged("a: ${nothing}", "a: {y: 2}")["a"].to_string(), "y: 2\n");
  EXPECT_EQ(merged("a: ${a}", "a: {y: 2}")["a"].to_string(), "y: 2\n");
  EXPECT_EQ(merged("{a: \"${b}\", b: 1}", "a: {y: 2}")["a"].to_string(), "y: 2\n");
}

TEST(MergeTest, LargeMapsStayReadable) {
  std::string under;
  std::string over;
  for (int i = 0; i < 100; ++i) under += "k" + std::to_string(i) + ": 0\n";
  for (int i = 50; i < 150; ++i) over += "k" + std::to_string(i) + ": 1\n";
  const Config config = merged(under, over);
  EXPECT_EQ(config.size(), 150U);
  for (int i = 0; i < 150; ++i) EXPECT_EQ(config["k" + std::to_string(i)].as<int>(), i < 50 ? 0 : 1);
}

TEST(MergeTest, GrowthIsBounded) {
  std::string rows = "rows:\n";
  for (int i = 0; i < 2000; ++i) rows += "  - [1, 2, 3, 4, 5, 6, 7, 8, 9]\n";
  const ConfigFolder folder{{"rows.yaml", rows}};
  std::string defaults = "defaults:\n";
  for (int i = 0; i < 20; ++i) defaults += "  - rows@a" + std::to_string(i) + "\n";
  folder.add("config.yaml", defaults);
  EXPECT_THAT(config_error([&] { return compose({.search_path = {folder.path()}}); }),
              HasSubstr("more than 250000 values to merge"));
}

}  // namespace
}  // namespace core_lib
