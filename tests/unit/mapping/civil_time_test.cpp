// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/civil_time.hpp"

#include <array>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace core_lib::mapping {
namespace {

constexpr std::int64_t one_second = 1'000'000;
constexpr std::int64_t day = 86'400 * one_second;

std::string timestamp(std::int64_t microseconds) {
  std::array<char, civil_text_size> text{};
  return {text.data(), format_timestamp(microseconds, text)};
}
std::string date(std::int64_t days) {
  std::array<char, civil_text_size> text{};
  return {text.data(), format_date(days, text)};
}

struct Instant {
  std::int64_t microseconds;
  const char* text;
};
// Checked with `date -u`.
constexpr Instant instants[] = {
    {0, "1970-01-01 00:00:00.000000"},
    {-1, "1969-12-31 23:59:59.999999"},
    {1'709'210'096 * one_second + 789'000, "2024-02-29 12:34:56.789000"},
    {951'782'400 * one_second, "2000-02-29 00:00:00.000000"},
    {-2'203'891'200 * one_second, "1900-03-01 00:00:00.000000"},
    {2'147'483'648 * one_second, "2038-01-19 03:14:08.000000"},
    {253'402'300'799 * one_second + 999'999, "9999-12-31 23:59:59.999999"},
    {-62'167'219'200 * one_second, "0000-01-01 00:00:00.000000"},
    {-62'167'219'200 * one_second - 1, "-0001-12-31 23:59:59.999999"},
    {253'402'300'800 * one_second, "10000-01-01 00:00:00.000000"},
    {std::numeric_limits<std::int64_t>::max(), "294247-01-10 04:00:54.775807"},
    {std::numeric_limits<std::int64_t>::min(), "-290308-12-21 19:59:05.224192"},
};

TEST(CivilTimeTest, WritesAndReadsKnownInstants) {
  for (const Instant& instant : instants) {
    EXPECT_EQ(timestamp(instant.microseconds), instant.text);
    EXPECT_EQ(parse_timestamp(instant.text), instant.microseconds) << instant.text;
  }
}

TEST(CivilTimeTest, WritesAndReadsEveryDayOfFourCenturies) {
  for (std::int64_t days = -146'097 * 2; days <= 146'097 * 2; ++days) ASSERT_EQ(parse_date(date(days)), days);
}

TEST(CivilTimeTest, WritesAndReadsTheFirstAndTheLastDate) {
  EXPECT_EQ(date(first_date), "-999999-01-01");
  EXPECT_EQ(date(last_date), "999999-12-31");
  EXPECT_EQ(date(first_sorted_date), "0000-01-01");
  EXPECT_EQ(date(last_sorted_date), "9999-12-31");
  for (const std::int64_t days : {first_date, last_date, first_sorted_date, last_sorted_date}) {
    EXPECT_EQ(parse_date(date(days)), days);
  }
}

TEST(CivilTimeTest, TellsTheDateOfAnInstant) {
  EXPECT_EQ(date_of(0), 0);
  EXPECT_EQ(date_of(day - 1), 0);
  EXPECT_EQ(date_of(day), 1);
  EXPECT_EQ(date_of(-1), -1);
  EXPECT_EQ(date_of(-day), -1);
  EXPECT_EQ(date_of(-day - 1), -2);
}

TEST(CivilTimeTest, ReadsTheFormsOfOthers) {
  const std::int64_t noon = parse_timestamp("2024-02-29 12:00:00").value();
  EXPECT_EQ(parse_timestamp("2024-02-29T12:00:00Z"), noon);
  EXPECT_EQ(parse_timestamp("2024-02-29 14:00:00+02:00"), noon);
  EXPECT_EQ(parse_timestamp("2024-02-29 14:00:00+02"), noon);
  EXPECT_EQ(parse_timestamp("2024-02-29 04:30:00-0730"), noon);
  EXPECT_EQ(parse_timestamp("2024-02-29 12:00:00.5"), noon + 500'000);
  EXPECT_EQ(parse_timestamp("2024-02-29 12:00:00.0000019"), noon + 1);
  EXPECT_EQ(parse_timestamp("2024-02-29 12:00:00.000001999Z"), noon + 1);
}

TEST(CivilTimeTest, WritesAndReadsDurations) {
  const auto text = [](std::int64_t microseconds) {
    std::array<char, civil_text_size> out{};
    return std::string(out.data(), format_duration(microseconds, out));
  };
  EXPECT_EQ(text(0), "PT0.000000S");
  EXPECT_EQ(text(-1), "PT-0.000001S");
  EXPECT_EQ(text(90 * one_second + 500'000), "PT90.500000S");
  using Limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t duration : {std::int64_t{0}, std::int64_t{-1}, day, -day - 1, Limits::min(), Limits::max()}) {
    EXPECT_EQ(parse_duration(text(duration)), duration) << text(duration);
  }
  EXPECT_EQ(parse_duration("P2W"), 14 * day);
  EXPECT_EQ(parse_duration("P1DT2H3M4.5S"), day + 7384 * one_second + 500'000);
  EXPECT_EQ(parse_duration("P-1DT+2H"), -day + 7200 * one_second);
  EXPECT_EQ(parse_duration("PT0.0000019S"), 1);
}

TEST(CivilTimeTest, RefusesWhatIsNoDuration) {
  for (const char* bad : {"", "P", "PT", "1D", "P1", "P1X", "P1M", "P1Y", "P1H", "PT1D", "P1DT", "PT1.5M", "PT.5S",
                          "PT--1S", "PT1S ", "P1DT1ST1S", "PT9999999999999999S", "PT9223372036855S", "P200000000D"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(CivilTimeTest, RefusesWhatIsNoInstant) {
  for (const char* bad : {"",
                          "2024-02-29",
                          "2024-02-30 12:00:00",
                          "2023-02-29 12:00:00",
                          "2024-13-01 00:00:00",
                          "2024-00-01 00:00:00",
                          "2024-01-00 00:00:00",
                          "2024-01-01 24:00:00",
                          "2024-01-01 00:60:00",
                          "2024-01-01 00:00:60",
                          "2024-01-01 00:00:00.",
                          "2024-01-01 00:00:00 Z",
                          "2024-01-01 00:00:00Zx",
                          "2024-01-01 00:00:00+24:00",
                          "2024-01-01 00:00:00+02:",
                          "2024-01-01 00:00:00+02:0",
                          "2024-01-01 0:00:00",
                          "24-01-01 00:00:00",
                          "2024-1-1 00:00:00",
                          "+2024-01-01 00:00:00",
                          "1234567-01-01 00:00:00",
                          "294247-01-10 04:00:54.775808",
                          "-290308-12-21 19:59:05.224191",
                          "999999-01-01 00:00:00",
                          "now"}) {
    EXPECT_EQ(parse_timestamp(bad), std::nullopt) << bad;
  }
}

TEST(CivilTimeTest, RefusesWhatIsNoDate) {
  for (const char* bad : {"", "2024-02-30", "1900-02-29", "2024-02-29 ", "2024-2-29", "2024/02/29", "--2024-01-01",
                          "1234567-01-01", "2024-02-29 00:00:00"}) {
    EXPECT_EQ(parse_date(bad), std::nullopt) << bad;
  }
  EXPECT_TRUE(parse_date("2000-02-29"));
}

TEST(CivilTimeTest, WritesNoFurtherThanItsRoom) {
  std::array<char, 12> text{};
  text.fill('#');
  EXPECT_EQ(format_timestamp(0, std::span(text).first(10)), 10U);
  EXPECT_EQ(std::string(text.data(), text.size()), "1970-01-01##");
}

}  // namespace
}  // namespace core_lib::mapping
