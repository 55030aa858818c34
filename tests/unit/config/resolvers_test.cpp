// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/resolvers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

Resolvers::Function always(const std::string& text) {
  return [text](const std::vector<std::string>&) { return text; };
}

TEST(ResolversTest, LaterResolverOfANameReplacesTheFirst) {
  Resolvers resolvers;
  resolvers.add("b", always("1")).add("a.x-1", always("2")).add("b", always("3"));
  EXPECT_THAT(resolvers.names(), testing::ElementsAre("a.x-1", "b"));
  EXPECT_EQ((*resolvers.find("b"))({}), "3");
  EXPECT_EQ(resolvers.find("c"), nullptr);
}

TEST(ResolversTest, NameThatCannotBeWrittenIsRefused) {
  for (const char* name : {"", "1a", "a.", ".a", "a..b", "a b", "a:b", "a.1", "-a"}) {
    EXPECT_THROW(Resolvers().add(name, always("")), UsageError) << name;
  }
}

TEST(ResolversTest, ResolverNeedsAFunction) { EXPECT_THROW(Resolvers().add("a", nullptr), UsageError); }

}  // namespace
}  // namespace core_lib
