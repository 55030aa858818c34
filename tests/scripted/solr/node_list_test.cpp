// SPDX-License-Identifier: Apache-2.0
#include "solr/node_list.hpp"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "support/eventually.hpp"
#include "support/recording_logger.hpp"

namespace core_lib::solr {
namespace {

using std::chrono::milliseconds;

/// A node that a test turns on and off.
class SwitchedNode final : public Transport {
 public:
  enum class Way { good, refused, lost_write, busy, missing, strange, hung };

  explicit SwitchedNode(std::string name) : name_(std::move(name)) {}

  Response send(const Request& request) override {
    ++requests;
    switch (way.load()) {
      case Way::refused:
        throw ConnectionLost("refused", {.retryable = true});
      case Way::lost_write:
        if (request.effect != Effect::read) throw CommitUnknown("lost");
        throw ConnectionLost("lost", {.retryable = true});
      case Way::busy:
        return {.status = 503};
      case Way::missing:
        return {.status = 404};
      case Way::hung:
        std::this_thread::sleep_until(request.deadline.at());
        throw DeadlineExceeded("hung");
      case Way::strange:
        throw 42;  // as a header provider might
      case Way::good:
        break;
    }
    return {.status = 200, .node = name_};
  }
  std::string_view name() const noexcept override { return name_; }

  std::atomic<Way> way = Way::good;
  std::atomic<int> requests = 0;

 private:
  std::string name_;
};

class NodeListTest : public testing::Test {
 protected:
  using Way = SwitchedNode::Way;

  std::shared_ptr<SwitchedNode> a = std::make_shared<SwitchedNode>("a");
  std::shared_ptr<SwitchedNode> b = std::make_shared<SwitchedNode>("b");
  std::shared_ptr<support::RecordingLogger> logger = std::make_shared<support::RecordingLogger>();
  NodeList list{{a, b}, {.first_pause = milliseconds(1), .longest_pause = milliseconds(4)}, logger};
  NodeList slow{{a, b}, {.first_pause = std::chrono::hours(1), .longest_pause = std::chrono::hours(1)}, logger};
  const Request read{.path = "select"};
  const Request write{.path = "update", .body = "[]", .content_type = "application/json", .effect = Effect::write};
};

TEST_F(NodeListTest, NodesTakeTurns) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(slow.send(read).status, 200);
  EXPECT_EQ(a->requests, 5);
  EXPECT_EQ(b->requests, 5);
  EXPECT_EQ(slow.name(), "a, b");
}

TEST_F(NodeListTest, RefusedRequestGoesToAnotherNodeAndTheNodeIsLeftOut) {
  a->way = Way::refused;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(slow.send(read).node, "b");
    EXPECT_EQ(slow.send(write).node, "b");
  }
  EXPECT_EQ(a->requests, 1);
  EXPECT_EQ(slow.alive(), 1U);
  EXPECT_EQ(logger->count(LogLevel::warning, "Solr at a does not answer"), 1U);
}

TEST_F(NodeListTest, WriteThatMayHaveBeenDoneGoesNowhereElse) {
  a->way = Way::lost_write;
  EXPECT_THROW((void)slow.send(write), CommitUnknown);
  EXPECT_EQ(b->requests, 0);
  EXPECT_EQ(slow.send(write).node, "b");
}

TEST_F(NodeListTest, BusyNodeIsPassedOverForReadsOnly) {
  a->way = Way::busy;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(slow.send(read).node, "b");
  EXPECT_EQ(slow.alive(), 2U);
  int refused = 0;
  for (int i = 0; i < 4; ++i) refused += slow.send(write).status == 503 ? 1 : 0;
  EXPECT_EQ(refused, 2);
}

TEST_F(NodeListTest, BusyNodesAnswerToAnUpdateStandsWhereNoOtherIsReached) {
  Request idempotent = write;
  idempotent.effect = Effect::idempotent;
  a->way = Way::busy;
  idempotent.deadline = Deadline::in(milliseconds(1));
  for (const Way other : {Way::refused, Way::hung, Way::strange}) {
    b->way = other;
    EXPECT_EQ(slow.send(idempotent).status, 503);  // it may have been stored there
  }
  b->way = Way::lost_write;
  EXPECT_THROW((void)slow.send(idempotent), CommitUnknown);
}

TEST_F(NodeListTest, OtherFailuresAreTheCallers) {
  a->way = Way::missing;
  b->way = Way::missing;
  EXPECT_EQ(slow.send(read).status, 404);
  EXPECT_EQ(a->requests + b->requests, 1);
}

TEST_F(NodeListTest, WhereNoneIsLeftAllAreTried) {
  a->way = Way::refused;
  b->way = Way::refused;
  EXPECT_THROW((void)slow.send(read), ConnectionLost);
  EXPECT_EQ(slow.alive(), 0U);
  b->way = Way::good;
  EXPECT_EQ(slow.send(read).node, "b");
  EXPECT_EQ(slow.alive(), 1U);
  EXPECT_EQ(logger->count(LogLevel::info, "Solr at b answers again"), 1U);
}

TEST_F(NodeListTest, NodeThatAnswersAgainIsFoundInTheBackground) {
  a->way = Way::refused;
  EXPECT_EQ(list.send(read).node, "b");
  EXPECT_TRUE(support::eventually([&] { return a->requests > 3; }));
  EXPECT_EQ(list.alive(), 1U);
  a->way = Way::good;
  EXPECT_TRUE(support::eventually([&] { return list.alive() == 2; }));
}

TEST_F(NodeListTest, NodeThatHangsForLongerThanACheckMayTakeIsLeftOut) {
  NodeList impatient({a, b},
                     {.first_pause = std::chrono::hours(1),
                      .longest_pause = std::chrono::hours(1),
                      .check_timeout = milliseconds(200)},
                     logger);
  a->way = Way::hung;
  for (const auto& [time, alive] : {std::pair(milliseconds(1), 2U), std::pair(milliseconds(210), 1U)}) {
    Request limited = read;
    limited.deadline = Deadline::in(time);
    EXPECT_THROW((void)impatient.send(limited), DeadlineExceeded);
    EXPECT_EQ(impatient.alive(), alive);
    EXPECT_EQ(impatient.send(read).node, "b");
  }
}

TEST_F(NodeListTest, WhateverACheckThrowsTheNodeIsCheckedAgain) {
  a->way = Way::refused;
  EXPECT_EQ(list.send(read).node, "b");
  a->way = Way::strange;
  const int before = a->requests;
  EXPECT_TRUE(support::eventually([&] { return a->requests > before + 3; }));
  a->way = Way::good;
  EXPECT_TRUE(support::eventually([&] { return list.alive() == 2; }));
}

TEST_F(NodeListTest, PausesMustMakeSense) {
  EXPECT_THROW(NodeList({a}, {.first_pause = milliseconds(0)}, logger), ConfigError);
  EXPECT_THROW(NodeList({a}, {.first_pause = milliseconds(5), .longest_pause = milliseconds(1)}, logger), ConfigError);
}

}  // namespace
}  // namespace core_lib::solr
