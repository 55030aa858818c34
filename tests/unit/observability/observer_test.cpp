// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/observer.hpp"

#include <stdexcept>

#include <gmock/gmock.h>

#include "core_lib/error/error.hpp"

#include "support/recording_observer.hpp"

namespace core_lib {
namespace {

using support::RecordingObserver;

TEST(ObserverTest, EverythingReachesEachOfACombination) {
  const auto first = std::make_shared<RecordingObserver>();
  const auto second = std::make_shared<RecordingObserver>();
  const auto both = combine_observers({first, nullptr, second});
  both->query_started({.id = 1, .statement = "SELECT ?"});
  both->query_ended({.id = 1, .statement = "SELECT ?"}, {.rows = 3});
  both->transaction_began({.id = 2});
  both->transaction_ended({.id = 2}, {.end = TransactionEnd::unknown});
  both->pool_changed({.kind = PoolEvent::Kind::leaked, .pool = "users"});
  for (const auto& observer : {first, second}) {
    EXPECT_EQ(observer->queries_started().at(0).statement, "SELECT ?");
    EXPECT_EQ(observer->queries_ended().at(0).outcome.rows, 3U);
    EXPECT_EQ(observer->transactions_began().at(0).id, 2U);
    EXPECT_EQ(observer->transactions_ended().at(0).outcome.end, TransactionEnd::unknown);
    EXPECT_EQ(observer->pool_events().at(0).pool, "users");
  }
}

TEST(ObserverTest, ACombinationOfNoneIsNoneAndOfOneIsThatOne) {
  const auto one = std::make_shared<RecordingObserver>();
  EXPECT_EQ(combine_observers({}), nullptr);
  EXPECT_EQ(combine_observers({nullptr, nullptr}), nullptr);
  EXPECT_EQ(combine_observers({nullptr, one}), one);
}

TEST(ObserverTest, WhatIsNotOverriddenIsIgnored) {
  Observer observer;
  observer.query_started({});
  observer.query_ended({}, {});
  observer.transaction_began({});
  observer.transaction_ended({}, {});
  observer.pool_changed({});
}

TEST(FailureTest, TellsTheClassAndTheCodeAndNoMessage) {
  const auto of = [](auto error) { return Failure::of(std::make_exception_ptr(error)); };
  const Failure unique = of(UniqueViolation("users.email ada@example.org", {.native_code = "23505"}));
  EXPECT_TRUE(unique);
  EXPECT_EQ(unique.error_class, "UniqueViolation");
  EXPECT_EQ(unique.native_code, "23505");
  EXPECT_EQ(of(std::out_of_range("x")).error_class, "std::out_of_range");
  EXPECT_EQ(of(7).error_class, "unknown");
  EXPECT_FALSE(Failure::of(nullptr));
}

TEST(ObserverTest, EveryKindHasAWord) {
  EXPECT_EQ(to_string(TransactionEnd::commit_failed), "commit_failed");
  EXPECT_EQ(to_string(TransactionEnd::unknown), "unknown");
  EXPECT_EQ(to_string(PoolEvent::Kind::acquired), "acquired");
  EXPECT_EQ(to_string(PoolEvent::Kind::leaked), "leaked");
}

}  // namespace
}  // namespace core_lib
