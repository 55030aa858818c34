// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

#include "support/recording_logger.hpp"

/// A shop, small enough to read the SQL about it.
namespace core_lib::shop {

struct Customer {
  std::int64_t id{};
  std::string name;
  std::optional<std::string> city;
  bool active{};
};
struct Order {
  std::int64_t id{};
  std::int64_t customer_id{};
  std::int32_t total{};
  std::optional<double> discount;
};
struct Line {
  std::int64_t order_id{};
  std::int32_t position{};
  std::string article;
};
struct Counter {
  std::int64_t id{};
};

}  // namespace core_lib::shop

template <>
struct core_lib::Entity<core_lib::shop::Customer>
    : core_lib::entity<"customers", core_lib::key<&core_lib::shop::Customer::id>,
                       core_lib::unique<&core_lib::shop::Customer::name>> {};
template <>
struct core_lib::Entity<core_lib::shop::Order>
    : core_lib::entity<"orders", core_lib::key<&core_lib::shop::Order::id>,
                       core_lib::references<&core_lib::shop::Order::customer_id, &core_lib::shop::Customer::id>,
                       core_lib::index<&core_lib::shop::Order::customer_id, &core_lib::shop::Order::total>> {};
template <>
struct core_lib::Entity<core_lib::shop::Line>
    : core_lib::entity<"lines", core_lib::key<&core_lib::shop::Line::order_id, &core_lib::shop::Line::position>,
                       core_lib::references<&core_lib::shop::Line::order_id, &core_lib::shop::Order::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Counter>
    : core_lib::entity<"counters", core_lib::key<&core_lib::shop::Counter::id>> {};

namespace core_lib::shop {
namespace customers {
inline constexpr auto id = col<&Customer::id>;
inline constexpr auto name = col<&Customer::name>;
inline constexpr auto city = col<&Customer::city>;
inline constexpr auto active = col<&Customer::active>;
}  // namespace customers
namespace orders {
inline constexpr auto id = col<&Order::id>;
inline constexpr auto customer_id = col<&Order::customer_id>;
inline constexpr auto total = col<&Order::total>;
inline constexpr auto discount = col<&Order::discount>;
}  // namespace orders
namespace lines {
inline constexpr auto order_id = col<&Line::order_id>;
inline constexpr auto position = col<&Line::position>;
inline constexpr auto article = col<&Line::article>;
}  // namespace lines

/// Runs statements on a real database and tells their text.
class ShopTest : public testing::Test {
 protected:
  ShopTest() { db.create_db<Customer, Order, Line, Counter>(); }

  /// The text of the one statement that `ask` runs.
  template <class Ask>
  std::string sql_of(Ask ask) {
    const std::vector<std::string> all = all_sql_of(ask);
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? std::string() : all.front();
  }
  template <class Ask>
  std::vector<std::string> all_sql_of(Ask ask) {
    const std::size_t before = logger->entries().size();
    db.with([&](sql::Session& session) {
      ask(session);
      session.rollback_only();
    });
    std::vector<std::string> all;
    const auto entries = logger->entries();
    for (std::size_t i = before; i < entries.size(); ++i) all.push_back(entries[i].message);
    return all;
  }

  std::shared_ptr<support::RecordingLogger> logger = std::make_shared<support::RecordingLogger>();
  SqlConnectionRegistry db{sql::make_sqlite_driver(), {.log_queries = true, .logger = logger}};
};

}  // namespace core_lib::shop
