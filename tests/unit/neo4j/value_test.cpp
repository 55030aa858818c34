// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/value.hpp"

#include <chrono>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/graph.hpp"

namespace core_lib::neo4j {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

enum class Colour : int { red = 1, green = 2 };

struct User {
  std::int64_t id{};
  std::string email;
  std::optional<std::string> name;
};

TEST(ValueTest, IsMadeFromWhatPeopleWrite) {
  EXPECT_TRUE(Value().is_null());
  EXPECT_TRUE(Value(nullptr).is_null());
  EXPECT_EQ(Value(7).get<std::int64_t>(), 7);
  EXPECT_EQ(Value(7U).get<std::int64_t>(), 7);
  EXPECT_EQ(Value('\x07').get<std::int64_t>(), 7);
  EXPECT_EQ(Value(1.5F).get<double>(), 1.5);
  EXPECT_TRUE(Value(true).get<bool>());
  EXPECT_EQ(Value("text").get<std::string>(), "text");
  EXPECT_EQ(Value(std::string_view("text")).get<std::string>(), "text");
  EXPECT_EQ(Value(Colour::green).get<std::int64_t>(), 2);
  EXPECT_TRUE(Value(std::optional<int>()).is_null());
  EXPECT_EQ(Value(std::optional<int>(3)), Value(3));
  EXPECT_EQ(Value(std::vector<int>{1, 2}), Value(List{1, 2}));
}

TEST(ValueTest, UnsignedNumbersBeyondSixtyFourBitsWithASignAreRefused) {
  EXPECT_THROW((void)Value(std::numeric_limits<std::uint64_t>::max()), ConversionError);
  EXPECT_EQ(Value(std::uint64_t{1} << 62U).get<std::int64_t>(), std::int64_t{1} << 62U);
}

TEST(ValueTest, StructsBecomeMapsAndComeBack) {
  const User user{7, "ada@example.org", std::nullopt};
  const Map map = to_map(user);
  EXPECT_EQ(map, (Map{{"id", 7}, {"email", "ada@example.org"}, {"name", nullptr}}));
  const User back = Value(map).as<User>();
  EXPECT_EQ(back.id, 7);
  EXPECT_EQ(back.email, "ada@example.org");
  EXPECT_EQ(back.name, std::nullopt);
}

struct Journey {
  std::vector<std::string> stops;
  std::vector<std::int32_t> fares;
  std::chrono::milliseconds lasts{};
  std::optional<std::vector<double>> marks;
  bool operator==(const Journey&) const = default;
};

TEST(ValueTest, ListsAndDurationsAreFieldsToo) {
  const Journey journey{{"Ulm", "", "Zo\xC3\xAB"}, {}, std::chrono::milliseconds(-1500), std::vector<double>{0.5}};
  const Map map = to_map(journey);
  EXPECT_EQ(map, (Map{{"stops", List{"Ulm", "", "Zo\xC3\xAB"}},
                      {"fares", List{}},
                      {"lasts", Duration{.seconds = -2, .nanoseconds = 500'000'000}},
                      {"marks", List{0.5}}}));
  EXPECT_EQ(Value(map).as<Journey>(), journey);
  const auto with = [](Value stops, Duration lasts) {
    return Value(Map{{"stops", std::move(stops)}, {"fares", List{1}}, {"lasts", lasts}, {"marks", nullptr}});
  };
  EXPECT_EQ(with(List{}, {.days = 1, .seconds = -1}).as<Journey>().lasts,
            std::chrono::hours(24) - std::chrono::seconds(1));
  for (const Duration& bad : {Duration{.months = 1}, Duration{.days = std::numeric_limits<std::int64_t>::max()},
                              Duration{.seconds = std::numeric_limits<std::int64_t>::min()}}) {
    EXPECT_THROW((void)with(List{}, bad).as<Journey>(), ConversionError);
  }
  EXPECT_THROW((void)with(List{"a", List{}}, {}).as<Journey>(), ConversionError);
  EXPECT_THROW((void)with("a", {}).as<Journey>(), ConversionError);
}

TEST(ValueTest, NodesAreReadAsStructsToo) {
  const Node node{
      .id = 1, .element_id = "x", .labels = {"User"}, .properties = {{"id", 7}, {"email", "a"}, {"name", "Ada"}}};
  EXPECT_EQ(node.as<User>().name, "Ada");
  EXPECT_EQ(Value(node).as<User>().id, 7);
  EXPECT_EQ(Value(Relationship{.properties = node.properties}).as<User>().email, "a");
}

TEST(ValueTest, WhatDoesNotFitIsNamedWithoutItsValue) {
  const Node node{.properties = {{"id", "hunter2"}, {"email", "a"}}};
  try {
    (void)node.as<User>();
    FAIL() << "text was read as a number";
  } catch (const ConversionError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("property 'id'"), HasSubstr("text"), Not(HasSubstr("hunter2"))));
  }
  EXPECT_THROW((void)Node{}.as<User>(), ConversionError);
  EXPECT_THROW((void)Value(1).as<User>(), ConversionError);
  EXPECT_THROW((void)Value("1").as<std::int64_t>(), ConversionError);
  EXPECT_THROW((void)Value(300).as<std::int8_t>(), ConversionError);
  EXPECT_THROW((void)Value().as<int>(), ConversionError);
  EXPECT_THROW((void)Value(1).get<Node>(), ConversionError);
}

TEST(ValueTest, ListsAreReadAsVectors) {
  const Value list(List{1, 2, 3});
  EXPECT_EQ(list.as<std::vector<int>>(), (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(list.as<std::vector<double>>(), (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(Value(List{1, nullptr}).as<std::vector<std::optional<int>>>()[1], std::nullopt);
  EXPECT_EQ(Value().as<std::optional<std::vector<int>>>(), std::nullopt);
}

TEST(ValueTest, MapsAreEqualInAnyOrder) {
  EXPECT_EQ((Map{{"a", 1}, {"b", 2}}), (Map{{"b", 2}, {"a", 1}}));
  EXPECT_NE((Map{{"a", 1}}), (Map{{"a", 2}}));
  EXPECT_NE((Map{{"a", 1}}), (Map{{"b", 1}}));
  Map map;
  map["x"] = 1;
  map["x"] = 2;
  EXPECT_EQ(map.size(), 1U);
  EXPECT_EQ(map.at("x"), Value(2));
  EXPECT_EQ(map.find("y"), nullptr);
  EXPECT_THROW((void)map.at("y"), UsageError);
}

TEST(ValueTest, TypesHaveTheNamesOfCypher) {
  EXPECT_EQ(Value().type_name(), "NULL");
  EXPECT_EQ(Value(Node{}).type_name(), "NODE");
  EXPECT_EQ(Value(DateTime{}).type_name(), "ZONED DATETIME");
  EXPECT_EQ(Value(Vector{}).type_name(), "VECTOR");
  EXPECT_EQ(Value(UnsupportedType{}).type_name(), "a type of a newer server");
}

}  // namespace
}  // namespace core_lib::neo4j
