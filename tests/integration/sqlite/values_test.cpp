// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

#include "support/caught.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::byte>;
using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

enum class Level : std::uint8_t { low, high = 255 };
enum class Color { red, green };
struct Celsius {
  double degrees = 0;
  friend bool operator==(const Celsius&, const Celsius&) = default;
};

/// One field of every type.
struct Sample {
  std::int64_t id{};
  bool flag{};
  std::int8_t i8{};
  std::int16_t i16{};
  std::int32_t i32{};
  std::int64_t i64{};
  std::uint8_t u8{};
  std::uint16_t u16{};
  std::uint32_t u32{};
  std::uint64_t u64{};
  float f32{};
  double f64{};
  std::string text;
  Bytes bytes;
  Microseconds at{};
  std::chrono::sys_days day{};
  std::chrono::year_month_day date{};
  Level level{};
  Color color{};
  Uuid uuid;
  Decimal price;
  Json json;
  Celsius heat;
  std::optional<std::string> maybe_text;
  std::optional<Microseconds> maybe_at;
  std::optional<Decimal> maybe_price;

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace

template <>
struct EnumNames<Color> {
  static constexpr std::pair<Color, std::string_view> names[] = {{Color::red, "red"}, {Color::green, "green"}};
};
template <>
struct Convert<Celsius> {
  using stored = double;
  static stored to_stored(const Celsius& heat) { return heat.degrees + 273.15; }
  static Celsius from_stored(stored kelvin) {
    if (kelvin < 0) throw ConversionError("nothing is colder than 0 K");
    return {kelvin - 273.15};
  }
};
template <>
struct Entity<Sample> : entity<"samples", key<&Sample::id>> {};

namespace {

using support::caught;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Sample plain_sample() {
  Sample sample;
  sample.date = std::chrono::year_month_day(1970y / std::chrono::January / 1);
  return sample;
}

Sample filled_sample() {
  Sample sample;
  sample.flag = true;
  sample.i8 = -128;
  sample.i16 = -32768;
  sample.i32 = std::numeric_limits<std::int32_t>::min();
  sample.i64 = std::numeric_limits<std::int64_t>::min();
  sample.u8 = 255;
  sample.u16 = 65535;
  sample.u32 = std::numeric_limits<std::uint32_t>::max();
  sample.u64 = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  sample.f32 = 0.1F;
  sample.f64 = 0.1;
  sample.text = "Zoë's \"text\"; ✓";
  sample.bytes = {std::byte{0}, std::byte{255}, std::byte{0}};
  sample.at = std::chrono::sys_days(2024y / std::chrono::February / 29) + 12h + 34min + 56s + 789'012us;
  sample.day = 9999y / std::chrono::December / 31;
  sample.date = 0y / std::chrono::January / 1;
  sample.level = Level::high;
  sample.color = Color::green;
  sample.uuid = Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
  sample.price = Decimal("12345678901234567890.1234567890");
  sample.json = Json{R"({"a": [1, 2.50, null]})"};
  sample.heat = Celsius{0};
  sample.maybe_text = "";
  sample.maybe_at = Microseconds(-1us);
  sample.maybe_price = Decimal("-0.10");
  return sample;
}

class SqliteValuesTest : public testing::Test {
 protected:
  SqliteValuesTest() { db.create_db<Sample>(); }

  Sample round_trip(const Sample& sample) {
    const std::int64_t id = db.with([&](sql::Session& session) { return session.add(Sample(sample)).id; });
    Sample stored = db.with([&](sql::Session& session) { return session.query<Sample>().get_one(id); });
    stored.id = sample.id;
    return stored;
  }
  /// What a bound value is to SQLite.
  template <class T>
  std::string storage_of(const T& value) {
    return db.with([&](sql::Session& session) {
      return session.execute("SELECT typeof(?)", value).template scalar<std::string>();
    });
  }
  template <class T>
  T through(const T& value) {
    return db.with([&](sql::Session& session) { return session.execute("SELECT ?", value).template scalar<T>(); });
  }
  template <class Assignment>
  void change(Assignment assign) {
    db.with([&](sql::Session& session) { assign(session); });
  }

  SqlConnectionRegistry db{sql::make_sqlite_driver()};
};

TEST_F(SqliteValuesTest, EveryTypeComesBackAsItWas) {
  EXPECT_EQ(round_trip(plain_sample()), plain_sample());
  EXPECT_EQ(round_trip(filled_sample()), filled_sample());
}

TEST_F(SqliteValuesTest, BulkInsertsStoreTheSame) {
  std::vector<Sample> samples(50, filled_sample());
  samples[7] = plain_sample();
  const auto stored = db.with([&](sql::Session& session) {
    session.add_all(samples);
    return session.query<Sample>().order_by(col<&Sample::id>).all();
  });
  ASSERT_EQ(stored.size(), samples.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    samples[i].id = static_cast<std::int64_t>(i + 1);
    EXPECT_EQ(stored[i], samples[i]);
  }
}

TEST_F(SqliteValuesTest, ValuesAreStoredAsOthersWouldReadThem) {
  (void)round_trip(filled_sample());
  const sql::Result result = db.with([](sql::Session& session) {
    return session.execute(
        R"(SELECT "at", "day", "date", "uuid", "price", "json", "color", "flag", "level" FROM samples)");
  });
  const sql::Result::Row row = result[0];
  EXPECT_EQ(row.get<std::string>("at"), "2024-02-29 12:34:56.789012");
  EXPECT_EQ(row.get<std::string>("day"), "9999-12-31");
  EXPECT_EQ(row.get<std::string>("date"), "0000-01-01");
  EXPECT_EQ(row.get<std::string>("uuid"), "01234567-89ab-cdef-0123-456789abcdef");
  EXPECT_EQ(row.get<std::string>("price"), "12345678901234567890.1234567890");
  EXPECT_EQ(row.get<std::string>("json"), R"({"a": [1, 2.50, null]})");
  EXPECT_EQ(row.get<std::string>("color"), "green");
  EXPECT_EQ(row.get<std::int64_t>("flag"), 1);
  EXPECT_EQ(row.get<std::int64_t>("level"), 255);
}

TEST_F(SqliteValuesTest, ArgumentsOfExecuteAreBoundWithTheirTypes) {
  EXPECT_EQ(storage_of(std::nullopt), "null");
  EXPECT_EQ(storage_of(std::optional<int>()), "null");
  EXPECT_EQ(storage_of(static_cast<const char*>(nullptr)), "null");
  EXPECT_EQ(storage_of(7), "integer");
  EXPECT_EQ(storage_of(true), "integer");
  EXPECT_EQ(storage_of(Level::high), "integer");
  EXPECT_EQ(storage_of(0.5), "real");
  EXPECT_EQ(storage_of("text"), "text");
  EXPECT_EQ(storage_of(std::string_view()), "text");
  EXPECT_EQ(storage_of(std::string("text")), "text");
  EXPECT_EQ(storage_of(Color::red), "text");
  EXPECT_EQ(storage_of(Uuid()), "text");
  EXPECT_EQ(storage_of(Decimal("1.5")), "text");
  EXPECT_EQ(storage_of(Json()), "text");
  EXPECT_EQ(storage_of(std::chrono::system_clock::now()), "text");
  EXPECT_EQ(storage_of(Bytes{std::byte{1}}), "blob");
  EXPECT_EQ(storage_of(Bytes()), "blob");
  EXPECT_EQ(storage_of(Celsius{20}), "real");
}

TEST_F(SqliteValuesTest, RealNumbersComeBackBitByBit) {
  for (const double value : {0.1, 1e308, 5e-324, -0.0, 1.0, 9007199254740993.0}) EXPECT_EQ(through(value), value);
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(through(infinity), infinity);
  EXPECT_EQ(through(-infinity), -infinity);
}

TEST_F(SqliteValuesTest, LargeValuesComeBackWhole) {
  const std::string text(3'000'000, 'x');
  EXPECT_TRUE(through(text) == text);
  for (const std::size_t size : {std::size_t{1} << 20U, std::size_t{64} << 20U}) {
    const Bytes bytes(size, std::byte{7});
    EXPECT_TRUE(through(bytes) == bytes) << size;
  }
}

TEST_F(SqliteValuesTest, InstantsAndDatesCompareAndSortAsTheyFollow) {
  constexpr auto at = col<&Sample::at>;
  constexpr auto day = col<&Sample::day>;
  const auto noon = std::chrono::sys_days(2024y / std::chrono::February / 29) + 12h;
  db.with([&](sql::Session& session) {
    for (const auto offset : {0us, 1us, -1us, 3'600'000'000us}) {
      Sample sample = plain_sample();
      sample.at = noon + offset;
      sample.day = std::chrono::floor<std::chrono::days>(sample.at);
      session.add(sample);
    }
  });
  const auto ids = [&](const auto& condition) {
    return db.with([&](sql::Session& session) {
      return session.query<Sample>().filter(condition).order_by(desc(at)).select(col<&Sample::id>).all();
    });
  };
  EXPECT_THAT(ids(at >= noon), ElementsAre(4, 2, 1));
  EXPECT_THAT(ids(at == std::chrono::time_point_cast<std::chrono::nanoseconds>(noon)), ElementsAre(1));
  EXPECT_THAT(ids(at < std::chrono::sys_seconds(noon)), ElementsAre(3));
  EXPECT_THAT(ids(day == 2024y / std::chrono::February / 29), ElementsAre(4, 2, 1, 3));
  EXPECT_THAT(ids(at > std::chrono::sys_days(2024y / std::chrono::March / 1)), testing::IsEmpty());
}

// --- What cannot be stored, or read, and that nothing is lost by it ---

TEST_F(SqliteValuesTest, AnUnsignedValueBeyondTheIntegersOfDatabasesIsRefused) {
  Sample sample = plain_sample();
  sample.u64 = std::uint64_t{1} << 63U;
  const auto error = caught<ConversionError>([&] { return round_trip(sample); });
  EXPECT_EQ(error.status_code(), 500);
  EXPECT_THAT(error.what(), AllOf(HasSubstr("cannot store samples.u64"), HasSubstr("out of range"),
                                  Not(HasSubstr("9223372036854775808"))));
}

TEST_F(SqliteValuesTest, WhatCannotBeStoredSpoilsTheScopeAsAFailedStatementDoes) {
  Sample bad = plain_sample();
  bad.u64 = std::uint64_t{1} << 63U;
  EXPECT_THROW(db.with([&](sql::Session& session) {
    session.add(plain_sample());
    EXPECT_THROW(session.add(bad), ConversionError);
  }),
               TransactionAborted);
  EXPECT_THROW(db.with([&](sql::Session& session) {
    EXPECT_THROW(session.add_all(std::vector<Sample>{plain_sample(), bad}), ConversionError);
  }),
               TransactionAborted);
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Sample>().count(); }), 0);
}

TEST_F(SqliteValuesTest, TextWithANulIsRefused) {
  Sample sample = plain_sample();
  sample.text = std::string("sec\0ret", 7);
  const auto error = caught<ConversionError>([&] { return round_trip(sample); });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("holds a NUL"), HasSubstr("store it as bytes"), Not(HasSubstr("sec"))));
  EXPECT_THROW(through(sample.text), ConversionError);
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Sample>().count(); }), 0);
}

TEST_F(SqliteValuesTest, NotANumberIsRefused) {
  const auto error = caught<ConversionError>([&] { return through(std::numeric_limits<double>::quiet_NaN()); });
  EXPECT_THAT(error.what(), HasSubstr("SQLite has no NaN"));
}

TEST_F(SqliteValuesTest, YearsThatDoNotSortAsTextAreRefused) {
  for (const auto day : {std::chrono::sys_days(10000y / std::chrono::January / 1),
                         std::chrono::sys_days(std::chrono::year(-1) / std::chrono::December / 31)}) {
    EXPECT_THAT(caught<ConversionError>([&] { return through(day); }).what(), HasSubstr("years 0 to 9999"));
    EXPECT_THAT(caught<ConversionError>([&] { return through(Microseconds(day)); }).what(),
                HasSubstr("years 0 to 9999"));
  }
  EXPECT_THAT(caught<ConversionError>([&] { return through(Microseconds::max()); }).what(), HasSubstr("years 0 to"));
}

TEST_F(SqliteValuesTest, AStoredValueThatDoesNotFitIsNamedByItsColumn) {
  (void)round_trip(plain_sample());
  struct Case {
    const char* assignment;
    const char* column;
    const char* why;
  };
  constexpr Case cases[] = {
      {"i8 = 128", "samples.i8", "out of the range of std::int8_t"},
      {"u8 = -1", "samples.u8", "out of the range of std::uint8_t"},
      {"i32 = 4711471147", "samples.i32", "out of the range of std::int32_t"},
      {"u64 = -1", "samples.u64", "out of the range of std::uint64_t"},
      {"i64 = 'secret'", "samples.i64", "read from integer, not from text"},
      {"i64 = 0.5", "samples.i64", "not from real"},
      {"flag = 2", "samples.flag", "neither 0 nor 1"},
      {"f64 = 'secret'", "samples.f64", "not from text"},
      {"f32 = 1e300", "samples.f32", "out of the range of float"},
      {"text = x'00'", "samples.text", "not from blob"},
      {"bytes = 'secret'", "samples.bytes", "not from text"},
      {"\"at\" = 'secret'", "samples.at", "no instant as in"},
      {"\"day\" = '2023-02-29'", "samples.day", "no date as in"},
      {"\"date\" = 'secret'", "samples.date", "no date as in"},
      {"level = 256", "samples.level", "out of the range of std::uint8_t"},
      {"color = 'secret'", "samples.color", "none of the names of"},
      {"uuid = 'secret'", "samples.uuid", "no UUID"},
      {"price = 'secret'", "samples.price", "no decimal number"},
      {"heat = -1", "samples.heat", "colder than 0 K"},
  };
  for (const Case& bad : cases) {
    SCOPED_TRACE(bad.assignment);
    const auto error = caught<ConversionError>([&] {
      return db.with([&](sql::Session& session) {
        (void)session.execute(std::string("UPDATE samples SET ") + bad.assignment);
        return session.query<Sample>().all();
      });
    });
    EXPECT_THAT(error.what(), AllOf(HasSubstr(bad.column), HasSubstr(bad.why), Not(HasSubstr("secret"))));
    EXPECT_THAT(error.what(), Not(HasSubstr("4711")));
  }
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Sample>().one(); }).i8, 0);  // all rolled back
}

TEST_F(SqliteValuesTest, AValueThatDoesNotFitSpoilsTheScope) {
  (void)round_trip(plain_sample());
  EXPECT_THROW(db.with([](sql::Session& session) {
    (void)session.execute("UPDATE samples SET i8 = 128");
    EXPECT_THROW((void)session.query<Sample>().all(), ConversionError);
  }),
               TransactionAborted);
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Sample>().one(); }).i8, 0);
}

TEST_F(SqliteValuesTest, AColumnThatIsGoneIsToldWithItsStructAlsoByAStatementThatRanBefore) {
  for (const bool ran_before : {false, true}) {
    if (ran_before) {
      db.with([](sql::Session& session) { (void)session.execute("ALTER TABLE samples RENAME COLUMN flags TO flag"); });
      EXPECT_TRUE(db.with([](sql::Session& session) { return session.query<Sample>().all(); }).empty());
    }
    db.with([](sql::Session& session) { (void)session.execute("ALTER TABLE samples RENAME COLUMN flag TO flags"); });
    const auto error = caught<SyntaxError>(
        [&] { return db.with([](sql::Session& session) { return session.query<Sample>().all(); }); });
    EXPECT_THAT(error.what(), AllOf(HasSubstr("flag"), HasSubstr("kept in the table 'samples'")));
  }
}

TEST_F(SqliteValuesTest, NullInAColumnThatIsNotOptionalIsNamed) {
  db.with([](sql::Session& session) {
    (void)session.execute("DROP TABLE samples");
    (void)session.execute("CREATE TABLE samples AS SELECT 1 AS id, NULL AS flag");
  });
  const auto error = caught<ConversionError>([&] {
    return db.with([](sql::Session& session) { return session.query<Sample>().select(col<&Sample::flag>).all(); });
  });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("column 'flag'"), HasSubstr("a std::optional takes it")));
}

}  // namespace
}  // namespace core_lib
