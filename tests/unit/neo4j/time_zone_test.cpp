// SPDX-License-Identifier: Apache-2.0
#include "neo4j/time_zone.hpp"

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/neo4j/temporal.hpp"

namespace core_lib::neo4j {
namespace {

constexpr std::int64_t january_2020 = 1'577'836'800;
constexpr std::int64_t july_2020 = 1'593'561'600;
constexpr std::int64_t july_2500 = 16'740'691'200;

TEST(TimeZoneTest, OffsetsFollowTheCalendar) {
  const auto oslo = TimeZone::find("Europe/Oslo");
  EXPECT_EQ(oslo->offset_at(january_2020), 3600);
  EXPECT_EQ(oslo->offset_at(july_2020), 7200);
  EXPECT_EQ(oslo->offset_at(1'585'443'599), 3600);  // the last second of winter time in 2020
  EXPECT_EQ(oslo->offset_at(1'585'443'600), 7200);
  EXPECT_EQ(TimeZone::find("Asia/Kolkata")->offset_at(january_2020), 19800);
}

TEST(TimeZoneTest, RulesHoldForTheFarFuture) {
  EXPECT_EQ(TimeZone::find("Europe/Oslo")->offset_at(july_2500), 7200);
  EXPECT_EQ(TimeZone::find("Europe/Oslo")->offset_at(july_2500 + 182 * 86'400), 3600);
  EXPECT_EQ(TimeZone::find("Australia/Sydney")->offset_at(july_2500), 36'000);
  EXPECT_EQ(TimeZone::find("Australia/Sydney")->offset_at(july_2500 + 182 * 86'400), 39'600);
  EXPECT_EQ(TimeZone::find("Asia/Kolkata")->offset_at(july_2500), 19'800);
}

TEST(TimeZoneTest, WallClocksAreTurnedIntoInstants) {
  const DateTime summer = DateTime::at({july_2020, 5}, "Europe/Oslo");
  EXPECT_EQ(summer.seconds, july_2020 - 7200);
  EXPECT_EQ(summer.local(), (LocalDateTime{july_2020, 5}));
  EXPECT_EQ(summer.offset(), 7200);
}

TEST(TimeZoneTest, OfTwoEqualWallClocksTheEarlierCounts) {
  constexpr std::int64_t half_past_two = 1'603'593'000 + 86'400 - 86'400;  // 2020-10-25T02:30, twice in Oslo
  EXPECT_EQ(DateTime::at({half_past_two, 0}, "Europe/Oslo").offset(), 7200);
}

TEST(TimeZoneTest, WallClocksThatNeverWereAreTakenWithTheOffsetBefore) {
  constexpr std::int64_t half_past_two = 1'585'449'000;  // 2020-03-29T02:30, skipped in Oslo
  EXPECT_EQ(DateTime::at({half_past_two, 0}, "Europe/Oslo").seconds, half_past_two - 3600);
}

TEST(TimeZoneTest, ZonesOfSystemVAreKnownWithoutADatabase) {
  EXPECT_EQ(TimeZone::find("SystemV/HST10")->offset_at(july_2020), -36'000);
  EXPECT_EQ(TimeZone::find("SystemV/AST4")->offset_at(july_2020), -14'400);
  const auto eastern = TimeZone::find("SystemV/EST5EDT");
  const std::pair<std::int64_t, std::int32_t> offsets[] = {
      {-3'000'000'000, -18'000},                             // 1874
      {-1'420'070'400, -18'000}, {-1'404'432'000, -14'400},  // January and July of 1925
      {126'687'599, -18'000},    {126'687'600, -14'400},     // summer time began on 6 January 1974
      {154'504'799, -14'400},    {154'504'800, -18'000},     // and ended on 24 November
      {162'370'799, -18'000},    {162'370'800, -14'400},     // 23 February 1975
      {july_2020, -14'400},      {january_2020, -18'000}};
  for (const auto& [seconds, offset] : offsets) EXPECT_EQ(eastern->offset_at(seconds), offset) << seconds;
}

TEST(TimeZoneTest, UnknownZonesAreAnErrorOfTheValue) {
  for (const char* name :
       {"SystemV/XST5", "SystemV/", "Europe/Neo4j", "", "../../etc/passwd", "/etc/localtime", "Europe", "tzdata.zi"}) {
    EXPECT_THROW((void)TimeZone::find(name), ConversionError) << name;
  }
  const DateTime unknown{.zone = "Mars/Olympus"};
  EXPECT_THROW((void)unknown.local(), ConversionError);
}

TEST(TimeZoneTest, BytesThatAreNoTimeZoneAreRefused) {
  EXPECT_EQ(TimeZone::parse(""), nullptr);
  EXPECT_EQ(TimeZone::parse("TZif2"), nullptr);
  EXPECT_EQ(TimeZone::parse(std::string("TZif2") + std::string(39, '\xFF')), nullptr);
}

}  // namespace
}  // namespace core_lib::neo4j
