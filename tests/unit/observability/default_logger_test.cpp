// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "core_lib/observability/logger.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What `action` writes to standard error.
template <class Action>
std::string written(Action action) {
  testing::internal::CaptureStderr();
  action();
  return testing::internal::GetCapturedStderr();
}

TEST(DefaultLoggerTest, WritesComponentAndMessageToStandardError) {
  EXPECT_THAT(written([] { default_logger()->write(LogLevel::warning, "pool", "something is {odd}"); }),
              AllOf(HasSubstr("warning"), HasSubstr("pool: something is {odd}")));
}

TEST(DefaultLoggerTest, WritesInfoAndAbove) {
  const auto logger = default_logger();
  EXPECT_FALSE(logger->enabled(LogLevel::debug));
  EXPECT_TRUE(logger->enabled(LogLevel::info));
  EXPECT_TRUE(logger->enabled(LogLevel::warning));
  EXPECT_TRUE(logger->enabled(LogLevel::error));
  EXPECT_EQ(written([&] { logger->write(LogLevel::debug, "pool", "detail"); }), "");
  EXPECT_THAT(written([&] { logger->write(LogLevel::error, "pool", "broken"); }), HasSubstr("error"));
}

TEST(DefaultLoggerTest, IsOneForTheWholeProgram) { EXPECT_EQ(default_logger(), default_logger()); }

TEST(DefaultLoggerTest, KeepsLinesOfThreadsApart) {
  const std::string text = written([] {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 50; ++i) default_logger()->write(LogLevel::info, "test", "one whole line.");
      });
    }
  });
  std::size_t lines = 0;
  for (std::size_t at = text.find("test: one whole line.\n"); at != std::string::npos;
       at = text.find("test: one whole line.\n", at + 1)) {
    ++lines;
  }
  EXPECT_EQ(lines, 200U);
}

}  // namespace
}  // namespace core_lib
