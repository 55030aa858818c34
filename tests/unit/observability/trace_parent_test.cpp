// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/trace_parent.hpp"

#include <string>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

const std::string good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceParentTest, KeepsAValidHeader) {
  EXPECT_EQ(TraceParent(good).text(), good);
  ASSERT_TRUE(TraceParent::parse(good));
  EXPECT_EQ(*TraceParent::parse(good), TraceParent(good));
  EXPECT_EQ(TraceParent::parse("cc" + good.substr(2) + "-what-comes-later")->text(), "cc" + good.substr(2));
}

TEST(TraceParentTest, RefusesWhatIsNone) {
  const std::string zeros(32, '0');
  for (const std::string& bad : {
           std::string(),
           std::string("00"),
           good + "0",
           good + "-more",
           good.substr(0, 54),
           "ff" + good.substr(2),
           "cc" + good.substr(2) + "x",
           "00-" + zeros + good.substr(35),
           good.substr(0, 36) + zeros.substr(0, 16) + "-01",
           "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01" + std::string(),
           "00-4bf92f3577b34da6a3ce929d0e0e473*/DROP TABLE users; --" + std::string(),
           "00_4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7_01" + std::string(),
       }) {
    EXPECT_FALSE(TraceParent::parse(bad)) << bad;
    EXPECT_THROW(TraceParent{bad}, UsageError) << bad;
  }
}

}  // namespace
}  // namespace core_lib
