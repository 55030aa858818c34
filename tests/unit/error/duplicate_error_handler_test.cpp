// SPDX-License-Identifier: Apache-2.0
#include "core_lib/error/duplicate_error_handler.hpp"

#include <memory>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

template <class Thrown>
void add(const Thrown& error) {
  DuplicateErrorHandler("user {} exists", "a@b.c\n")([&] { throw error; });
}

TEST(DuplicateErrorHandlerTest, DuplicateGetsTheMessageAnd409AndKeepsItsCause) {
  try {
    add(UniqueViolation("UNIQUE constraint failed: users.email", {.native_code = "2067"}));
    FAIL() << "nothing was thrown";
  } catch (const UniqueViolation& error) {
    EXPECT_STREQ(error.what(), "user a@b.c exists");
    EXPECT_EQ(error.status_code(), 409);
    EXPECT_EQ(error.native_code(), "2067");
    EXPECT_STREQ(error.location().file_name(), __FILE__);
    try {
      std::rethrow_exception(error.cause());
    } catch (const UniqueViolation& cause) {
      EXPECT_STREQ(cause.what(), "UNIQUE constraint failed: users.email");
    }
  }
}

TEST(DuplicateErrorHandlerTest, DuplicateThatFailedACommitIsTreatedAlike) {
  try {
    add(CommitFailed("commit failed", {.cause = std::make_exception_ptr(UniqueViolation("duplicate"))}));
    FAIL() << "nothing was thrown";
  } catch (const UniqueViolation& error) {
    EXPECT_STREQ(error.what(), "user a@b.c exists");
    EXPECT_EQ(error.status_code(), 409);
    EXPECT_THROW(std::rethrow_exception(error.cause()), CommitFailed);
  }
}

TEST(DuplicateErrorHandlerTest, EverythingElsePassesUnchanged) {
  EXPECT_THROW(add(ConstraintViolation("foreign key")), ConstraintViolation);
  EXPECT_THROW(add(CommitFailed("no cause")), CommitFailed);
  EXPECT_THROW(add(CommitFailed("other", {.cause = std::make_exception_ptr(ConstraintViolation("x"))})), CommitFailed);
  EXPECT_THROW(add(CommitUnknown("?", {.cause = std::make_exception_ptr(UniqueViolation("x"))})), CommitUnknown);
  EXPECT_THROW(add(std::out_of_range("x")), std::out_of_range);
  EXPECT_THROW(add(7), int);
}

TEST(DuplicateErrorHandlerTest, WhatPassesIsTheSameObject) {
  const ConstraintViolation* thrown = nullptr;
  try {
    DuplicateErrorHandler("x")([&] {
      try {
        throw ConstraintViolation("check");
      } catch (const ConstraintViolation& error) {
        thrown = &error;
        throw;
      }
    });
  } catch (const ConstraintViolation& error) {
    EXPECT_EQ(&error, thrown);
  }
  EXPECT_NE(thrown, nullptr);
}

TEST(DuplicateErrorHandlerTest, ResultComesBackAsItIs) {
  const std::string name = "a";
  EXPECT_EQ(&DuplicateErrorHandler("x")([&]() -> const std::string& { return name; }), &name);
  EXPECT_EQ(*DuplicateErrorHandler("x")([] { return std::make_unique<int>(7); }), 7);
  DuplicateErrorHandler("x")([] {});
}

}  // namespace
}  // namespace core_lib
