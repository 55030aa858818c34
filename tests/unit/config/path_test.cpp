// SPDX-License-Identifier: Apache-2.0
#include "config/path.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(PathTest, DotsBracketsAndEscapesSeparateSteps) {
  EXPECT_THAT(split_path("a"), ElementsAre("a"));
  EXPECT_THAT(split_path("a.b.c"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_path("a[0].b"), ElementsAre("a", "0", "b"));
  EXPECT_THAT(split_path("[0][1].x"), ElementsAre("0", "1", "x"));
  EXPECT_THAT(split_path("a[b.c]"), ElementsAre("a", "b.c"));
  EXPECT_THAT(split_path("a\\.b.c\\[0]"), ElementsAre("a.b", "c[0]"));
  EXPECT_THAT(split_path("a\\\\.b"), ElementsAre("a\\", "b"));
  EXPECT_THAT(split_path("C:\\dir"), ElementsAre("C:\\dir"));
}

TEST(PathTest, MalformedPathIsRefused) {
  struct Case {
    const char* path;
    const char* error;
  };
  const Case cases[] = {
      {"", "the path '' has an empty part"},
      {"..", "has an empty part"},
      {"a.", "ends with a dot"},
      {".a", "has an empty part"},
      {"a..b", "has an empty part"},
      {"a[", "has a bracket without an index"},
      {"a[]", "has a bracket without an index"},
      {"a[0]b", "needs a dot after a bracket"},
      {"a[0].", "ends with a dot"},
      {"a.[0]", "has an empty part"},
  };
  for (const auto& [path, error] : cases) {
    EXPECT_THAT(config_error([&] { return split_path(path).size(); }), HasSubstr(error)) << path;
  }
}

TEST(PathTest, AppendedKeysAreReadBackAsTheyWere) {
  for (const char* key : {"a", "a.b", "a[0]", "a\\", "\\.", "a\\[", "x]y", "\\\\"}) {
    std::string path = "root";
    append_key(path, key);
    append_key(path, "end");
    EXPECT_THAT(split_path(path), ElementsAre("root", key, "end")) << path;
  }
}

TEST(PathTest, OnlyDigitsAreAnIndex) {
  EXPECT_EQ(list_index("0"), 0U);
  EXPECT_EQ(list_index("17"), 17U);
  for (const char* step : {"", "-1", "+1", "1x", " 1", "99999999999999999999999"}) {
    EXPECT_EQ(list_index(step), std::string::npos) << step;
  }
}

}  // namespace
}  // namespace core_lib::config
