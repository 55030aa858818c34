// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/deadline.hpp"

#include <gtest/gtest.h>

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using Time = Deadline::clock::time_point;

constexpr Time now{1h};

TEST(DeadlineTest, NeverHasNoLimit) {
  for (const Deadline deadline : {Deadline{}, Deadline::never(), Deadline(Time::max())}) {
    EXPECT_TRUE(deadline.is_never());
    EXPECT_FALSE(deadline.expired());
    EXPECT_FALSE(deadline.expired(Time::max()));
    EXPECT_EQ(deadline.remaining(now), Deadline::clock::duration::max());
  }
}

TEST(DeadlineTest, ExpiresAtItsMoment) {
  const Deadline deadline = Deadline::from(now, 5s);
  EXPECT_EQ(deadline.at(), now + 5s);
  EXPECT_FALSE(deadline.expired(now + 5s - 1ns));
  EXPECT_TRUE(deadline.expired(now + 5s));
  EXPECT_TRUE(deadline.expired(now + 6s));
}

TEST(DeadlineTest, RemainingShrinksToZeroAndNotBelow) {
  const Deadline deadline = Deadline::from(now, 5s);
  EXPECT_EQ(deadline.remaining(now + 2s), 3s);
  EXPECT_EQ(deadline.remaining(now + 5s), 0s);
  EXPECT_EQ(deadline.remaining(now + 9s), 0s);
}

TEST(DeadlineTest, TimeoutBeyondTheClockMeansNever) {
  EXPECT_TRUE(Deadline::from(now, Deadline::clock::duration::max()).is_never());
  EXPECT_TRUE(Deadline::from(now, Time::max() - now).is_never());
  EXPECT_FALSE(Deadline::from(now, Time::max() - now - 1ns).is_never());
  EXPECT_TRUE(Deadline::in(Deadline::clock::duration::max()).is_never());
}

TEST(DeadlineTest, TimeoutBelowZeroHasPassed) {
  EXPECT_TRUE(Deadline::from(now, -1s).expired(now));
  EXPECT_TRUE(Deadline::in(-1s).expired());
  EXPECT_EQ(Deadline::in(-1s).remaining(), 0s);
}

TEST(DeadlineTest, SoonerOfTwoDoesNotDependOnTheirOrder) {
  const Deadline early = Deadline::from(now, 1s);
  const Deadline late = Deadline::from(now, 2s);
  EXPECT_EQ(early.sooner(late).at(), early.at());
  EXPECT_EQ(late.sooner(early).at(), early.at());
  EXPECT_EQ(Deadline::never().sooner(early).at(), early.at());
  EXPECT_EQ(early.sooner(Deadline::never()).at(), early.at());
  EXPECT_TRUE(Deadline::never().sooner(Deadline::never()).is_never());
}

TEST(DeadlineTest, CountsFromTheSteadyClock) {
  const auto before = Deadline::clock::now();
  const Deadline deadline = Deadline::in(1h);
  EXPECT_GE(deadline.at(), before + 1h);
  EXPECT_LE(deadline.at(), Deadline::clock::now() + 1h);
  EXPECT_GT(deadline.remaining(), 59min);
}

}  // namespace
}  // namespace core_lib
