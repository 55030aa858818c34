// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/error.hpp"

#include <type_traits>

#include <gtest/gtest.h>

namespace core_lib {
namespace {

TEST(ErrorTest, ClassGivesTheStatusUnlessDetailsSayOtherwise) {
  EXPECT_EQ(Error("x").status_code(), 500);
  EXPECT_EQ(NotFoundError("x").status_code(), 404);
  EXPECT_EQ(UniqueViolation("x").status_code(), 409);
  EXPECT_EQ(ConstraintViolation("x").status_code(), 422);
  EXPECT_EQ(DeadlineExceeded("x").status_code(), 504);
  EXPECT_EQ(CommitFailed("x", {.status_code = 409}).status_code(), 409);
}

TEST(ErrorTest, CommitUnknownIsInDoubtAndOthersMayBe) {
  EXPECT_TRUE(CommitUnknown("x").is_in_doubt());
  EXPECT_FALSE(CommitUnknown("x", {.retryable = true}).is_retryable());
  EXPECT_FALSE(CommitFailed("x").is_in_doubt());
  ConnectionLost lost("x", {.retryable = true});
  EXPECT_FALSE(lost.is_in_doubt());
  EXPECT_TRUE(lost.is_retryable());
  lost.set_in_doubt();
  EXPECT_TRUE(lost.is_in_doubt());
  EXPECT_FALSE(lost.is_retryable());
}

TEST(ErrorTest, DetailsAreKept) {
  const auto cause = std::make_exception_ptr(std::runtime_error("why"));
  const Error error("what", {.retryable = true, .breaks_connection = true, .native_code = "5", .cause = cause});
  EXPECT_TRUE(error.is_retryable());
  EXPECT_TRUE(error.breaks_connection());
  EXPECT_EQ(error.native_code(), "5");
  EXPECT_EQ(error.cause(), cause);
  EXPECT_STREQ(error.what(), "what");
}

TEST(ErrorTest, LocationIsWhereItWasRaised) {
  const auto line = static_cast<unsigned>(__LINE__) + 1;
  const UsageError error("x");
  EXPECT_EQ(error.location().line(), line);
}

TEST(ErrorTest, UniqueViolationIsCaughtAsConstraintViolation) {
  EXPECT_THROW(throw UniqueViolation("x"), ConstraintViolation);
}

TEST(ErrorTest, SuppressedFailuresAreSharedByCopies) {
  Error error("x");
  const Error copy = error;
  error.add_suppressed("rollback failed");
  ASSERT_EQ(copy.suppressed().size(), 1U);
  EXPECT_EQ(copy.suppressed()[0], "rollback failed");
}

static_assert(std::is_nothrow_copy_constructible_v<CommitUnknown>);

}  // namespace
}  // namespace core_lib
