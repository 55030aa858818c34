// SPDX-License-Identifier: Apache-2.0
#include "core_lib/pool/pool_statistics.hpp"

#include <gtest/gtest.h>

namespace core_lib {
namespace {

TEST(PoolStatisticsTest, AddUp) {
  PoolStatistics sum{.name = "both"};
  const PoolStatistics one{.name = "one",
                           .max_total = 1,
                           .total = 2,
                           .active = 3,
                           .idle = 4,
                           .connecting = 5,
                           .waiting = 6,
                           .acquired = 7,
                           .connects = 8,
                           .connect_failures = 9,
                           .closes = 10,
                           .timeouts = 11,
                           .failed_checks = 12,
                           .leaks = 13,
                           .last_connect_error = "refused"};
  sum += one;
  sum += PoolStatistics{.leaks = 1};
  const std::uint64_t values[] = {sum.max_total,        sum.total,   sum.active,   sum.idle,
                                  sum.connecting,       sum.waiting, sum.acquired, sum.connects,
                                  sum.connect_failures, sum.closes,  sum.timeouts, sum.failed_checks,
                                  sum.leaks - 1};
  std::uint64_t expected = 1;
  for (const std::uint64_t value : values) EXPECT_EQ(value, expected++);
  EXPECT_EQ(sum.name, "both");
  EXPECT_EQ(sum.last_connect_error, "refused");
}

}  // namespace
}  // namespace core_lib
