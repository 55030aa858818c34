// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/prepared_names.hpp"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace core_lib::sql::postgresql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string name_of(std::string_view sql, std::vector<Oid> types = {}) { return prepared_name(sql, types); }

// Another release may lend its servers to this one, by a pooler.
TEST(PreparedNameTest, IsTheSameEverywhereAndAlways) {
  EXPECT_EQ(name_of("SELECT 1"), name_of("SELECT 1"));
  EXPECT_EQ(name_of("SELECT $1", {20}), "core_lib_5a699179d3f1e7cabd731021d8630ca0");
}

TEST(PreparedNameTest, DiffersWithTextAndTypes) {
  std::set<std::string> names{name_of("SELECT $1", {20}),  name_of("SELECT $1", {25}),   name_of("SELECT $1"),
                              name_of("SELECT $1 ", {20}), name_of("SELECT $1", {2, 0}), name_of("SELECT $1", {20, 0})};
  EXPECT_EQ(names.size(), 6U);
  for (int i = 0; i < 10'000; ++i) names.insert(name_of("SELECT " + std::to_string(i)));
  EXPECT_EQ(names.size(), 10'006U);
  for (const std::string& name : names) EXPECT_LT(name.size(), 64U) << "the server cuts longer names";
}

TEST(PreparedNamesTest, TheLastUserMarksWhatIsToGo) {
  PreparedNames names;
  names.use("a");
  names.use("a");
  names.add("a");
  EXPECT_TRUE(names.is_prepared("a"));
  names.release("a");
  EXPECT_TRUE(names.is_prepared("a"));
  EXPECT_THAT(names.take_unused(), IsEmpty());
  names.release("a");
  EXPECT_FALSE(names.is_prepared("a"));
  EXPECT_THAT(names.take_unused(), ElementsAre("a"));
  EXPECT_THAT(names.take_unused(), IsEmpty());
}

TEST(PreparedNamesTest, OneThatWasNeverPreparedNeedNotGo) {
  PreparedNames names;
  names.use("a");
  names.release("a");
  EXPECT_THAT(names.take_unused(), IsEmpty());
}

TEST(PreparedNamesTest, OneThatIsUsedAgainBeforeItIsGoneStays) {
  PreparedNames names;
  names.use("a");
  names.add("a");
  names.release("a");
  names.use("a");
  EXPECT_TRUE(names.is_prepared("a"));
  EXPECT_THAT(names.take_unused(), IsEmpty());
}

TEST(PreparedNamesTest, OneThatIsOfNoUseAnyMoreGoesAndIsPreparedAgain) {
  PreparedNames names;
  names.use("a");
  names.add("a");
  names.discard("a");
  EXPECT_FALSE(names.is_prepared("a"));
  EXPECT_THAT(names.take_unused(), ElementsAre("a"));
  names.add("a");
  EXPECT_TRUE(names.is_prepared("a"));
}

}  // namespace
}  // namespace core_lib::sql::postgresql
