// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/chrono_codec.hpp"

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "core_lib/mapping/civil_time.hpp"

#include "unit/mapping/codec.hpp"

namespace core_lib::mapping {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::sys_time;
using std::chrono::system_clock;
using std::chrono::year_month_day;
using testing::HasSubstr;

using Microseconds = sys_time<std::chrono::microseconds>;
using Nanoseconds = sys_time<std::chrono::nanoseconds>;
using Milliseconds = sys_time<std::chrono::milliseconds>;
using Hours = sys_time<std::chrono::hours>;
using Short = sys_time<std::chrono::duration<std::int16_t>>;
using Thirds = sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 3>>>;

constexpr sys_days leap_day = 2024y / std::chrono::February / 29;

TEST(InstantFieldTest, IsMicrosecondsWhateverItsTicks) {
  EXPECT_EQ(field_type<system_clock::time_point>.kind, Kind::timestamp);
  EXPECT_EQ(encoded(sys_seconds(1s)).as_integer(), 1'000'000);
  EXPECT_EQ(encoded(Milliseconds(-1ms)).as_integer(), -1'000);
  EXPECT_EQ(encoded(Hours(1h)).as_integer(), 3'600'000'000);
  EXPECT_EQ(encoded(Thirds(Thirds::duration(3))).as_integer(), 1'000'000);
}

TEST(InstantFieldTest, KeepsWhatItsTicksAndMicrosecondsBothHold) {
  EXPECT_EQ(round_trip(Microseconds(1'709'210'096'789'012us)), Microseconds(1'709'210'096'789'012us));
  EXPECT_EQ(round_trip(sys_seconds(-1s)), sys_seconds(-1s));
  EXPECT_EQ(round_trip(Nanoseconds(1'000ns)), Nanoseconds(1'000ns));
  EXPECT_EQ(round_trip(Microseconds::min()), Microseconds::min());
  EXPECT_EQ(round_trip(Microseconds::max()), Microseconds::max());
}

TEST(InstantFieldTest, CutsOffWhatIsFinerTowardsThePast) {
  EXPECT_EQ(encoded(Nanoseconds(1'999ns)).as_integer(), 1);
  EXPECT_EQ(encoded(Nanoseconds(-1ns)).as_integer(), -1);
  EXPECT_EQ(decoded<sys_seconds>(Scalar::timestamp(1'999'999)), sys_seconds(1s));
  EXPECT_EQ(decoded<sys_seconds>(Scalar::timestamp(-1)), sys_seconds(-1s));
}

TEST(InstantFieldTest, RefusesWhatIsBeyondMicrosecondsOrTheField) {
  EXPECT_THAT(conversion_error([] { return encoded(sys_seconds::max()); }), HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return encoded(sys_seconds::min()); }), HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return decoded<Nanoseconds>(Scalar::timestamp(253'402'300'799'000'000)); }),
              HasSubstr("out of the range of the field's duration"));
  EXPECT_THAT(conversion_error([] { return decoded<Short>(Scalar::timestamp(40'000'000'000)); }),
              HasSubstr("out of range"));
  constexpr std::int64_t first = std::numeric_limits<std::int64_t>::min();
  EXPECT_THAT(conversion_error([] { return decoded<sys_seconds>(Scalar::timestamp(first)); }),
              HasSubstr("out of the range of the field's duration"))
      << "the second in which it lies could not be stored again";
  EXPECT_EQ(encoded(decoded<sys_seconds>(Scalar::timestamp(first + 999'999))).as_integer() / 1'000'000,
            first / 1'000'000);
}

TEST(InstantFieldTest, IsReadFromText) {
  const Microseconds instant = leap_day + 12h + 34min + 56s + 789ms;
  EXPECT_EQ(decoded<Microseconds>(Scalar::text("2024-02-29 12:34:56.789")), instant);
  EXPECT_EQ(decoded<system_clock::time_point>(Scalar::text("2024-02-29T13:34:56.789+01:00")), instant);
}

TEST(InstantFieldTest, OtherStoredValuesAreRefused) {
  EXPECT_THAT(conversion_error([] { return decoded<Microseconds>(Scalar::text("yesterday")); }),
              HasSubstr("no instant as in 2024-02-29 12:34:56.789"));
  EXPECT_THAT(conversion_error([] { return decoded<Microseconds>(Scalar::integer(1'700'000'000)); }),
              HasSubstr("not from integer"));
  EXPECT_THAT(conversion_error([] { return decoded<Microseconds>(Scalar()); }), HasSubstr("std::optional takes it"));
  EXPECT_EQ(decoded<std::optional<Microseconds>>(Scalar()), std::nullopt);
}

TEST(DurationFieldTest, IsMicrosecondsWhateverItsTicks) {
  EXPECT_EQ(encoded(90min).kind(), Kind::duration);
  EXPECT_EQ(encoded(90min).as_integer(), 5'400'000'000);
  EXPECT_EQ(encoded(std::chrono::nanoseconds(-1)).as_integer(), -1);
  EXPECT_EQ(decoded<std::chrono::minutes>(Scalar::duration(-1)), -1min);
  EXPECT_EQ(decoded<std::chrono::nanoseconds>(Scalar::integer(2)), 2us);
  EXPECT_EQ(decoded<std::chrono::seconds>(Scalar::text("P1DT2H3M4.9S")), 26h + 3min + 4s);
  EXPECT_THAT(conversion_error([] { return encoded(std::chrono::hours(4'000'000'000)); }), HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return decoded<std::chrono::nanoseconds>(Scalar::duration(1LL << 62U)); }),
              HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] {
                return decoded<std::chrono::hours>(Scalar::duration(std::numeric_limits<std::int64_t>::min()));
              }),
              HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return decoded<std::chrono::seconds>(Scalar::text("P1M")); }),
              HasSubstr("no duration as in P1DT2H3M4.5S"));
  EXPECT_THAT(conversion_error([] { return decoded<std::chrono::seconds>(Scalar::real(1)); }),
              HasSubstr("not from real"));
}

TEST(DateFieldTest, IsADayOfTheCalendar) {
  EXPECT_EQ(field_type<sys_days>.kind, Kind::date);
  EXPECT_EQ(field_type<year_month_day>.kind, Kind::date);
  EXPECT_EQ(encoded(leap_day).as_integer(), 19'782);
  EXPECT_EQ(encoded(year_month_day(leap_day)).as_integer(), 19'782);
  EXPECT_EQ(round_trip(sys_days(-1 * std::chrono::days(1))), sys_days(-1 * std::chrono::days(1)));
  EXPECT_EQ(round_trip(year_month_day(leap_day)), year_month_day(leap_day));
  EXPECT_EQ(decoded<sys_days>(Scalar::text("2024-02-29")), leap_day);
  EXPECT_EQ(decoded<year_month_day>(Scalar::text("2024-02-29")), year_month_day(leap_day));
}

TEST(DateFieldTest, RefusesDatesThatAreNoneOrOutOfRange) {
  const year_month_day none = 2023y / std::chrono::February / 29;
  EXPECT_THAT(conversion_error([&] { return encoded(none); }), HasSubstr("no date of the calendar"));
  EXPECT_THAT(conversion_error([] { return encoded(sys_days::max()); }), HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return encoded(sys_days::min()); }), HasSubstr("out of range"));
  EXPECT_THAT(conversion_error([] { return decoded<sys_days>(Scalar::text("2023-02-29")); }),
              HasSubstr("no date as in"));
  EXPECT_THAT(conversion_error([] { return decoded<year_month_day>(Scalar::text("999999-01-01")); }),
              HasSubstr("out of the range of std::chrono::year_month_day"));
  EXPECT_THAT(conversion_error([] { return decoded<sys_days>(Scalar::timestamp(0)); }),
              HasSubstr("not from timestamp"));
}

TEST(DateFieldTest, KeepsTheEndsOfBothTypes) {
  const sys_days first{std::chrono::days(first_date)};
  const sys_days last{std::chrono::days(last_date)};
  EXPECT_EQ(round_trip(first), first);
  EXPECT_EQ(round_trip(last), last);
  const year_month_day max = std::chrono::year::max() / std::chrono::December / 31;
  const year_month_day min = std::chrono::year::min() / std::chrono::January / 1;
  EXPECT_EQ(round_trip(max), max);
  EXPECT_EQ(round_trip(min), min);
}

}  // namespace
}  // namespace core_lib::mapping
