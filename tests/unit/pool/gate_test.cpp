// SPDX-License-Identifier: Apache-2.0
#include "pool/gate.hpp"

#include <gtest/gtest.h>

namespace core_lib::pool {
namespace {

TEST(GateTest, IsShutAtFirst) {
  Gate<int> gate;
  int slot = 0;
  EXPECT_FALSE(gate.put(slot));
  EXPECT_EQ(gate.take(), nullptr);
  EXPECT_EQ(gate.shut(), nullptr);
}

TEST(GateTest, HoldsOne) {
  Gate<int> gate;
  int one = 1;
  int two = 2;
  gate.open(nullptr);
  EXPECT_EQ(gate.take(), nullptr);
  EXPECT_TRUE(gate.put(one));
  EXPECT_FALSE(gate.put(two));
  EXPECT_EQ(gate.take(), &one);
  EXPECT_EQ(gate.take(), nullptr);
  EXPECT_TRUE(gate.put(two));
}

TEST(GateTest, ShuttingTakesOutWhatItHoldsAndLetsNobodyThrough) {
  Gate<int> gate;
  int one = 1;
  gate.open(&one);
  EXPECT_EQ(gate.shut(), &one);
  EXPECT_EQ(gate.shut(), nullptr);
  EXPECT_FALSE(gate.put(one));
  EXPECT_EQ(gate.take(), nullptr);
  gate.open(&one);
  EXPECT_EQ(gate.take(), &one);
}

}  // namespace
}  // namespace core_lib::pool
