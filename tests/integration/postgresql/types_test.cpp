// SPDX-License-Identifier: Apache-2.0
#include <bit>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/mapping/chrono_codec.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "integration/postgresql/reading.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using sql::Result;
using std::chrono::sys_days;
using std::chrono::year;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Bytes = std::vector<std::byte>;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

enum class Level : std::uint8_t { low, high = 255 };
enum class Color { red, green };

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
  Instant at{};
  sys_days day{};
  Level level{};
  Color color{};
  Uuid uuid;
  Decimal price;
  Json json;
  std::optional<std::int32_t> maybe_number;
  std::optional<std::string> maybe_text;
  std::optional<Bytes> maybe_bytes;
  std::optional<Instant> maybe_at;
  std::optional<Json> maybe_json;

  friend bool operator==(const Sample&, const Sample&) = default;
};

}  // namespace

template <>
struct EnumNames<Color> {
  static constexpr std::pair<Color, std::string_view> names[] = {{Color::red, "red"}, {Color::green, "green"}};
};
template <>
struct Entity<Sample> : entity<"samples", key<&Sample::id>> {};

namespace {

Sample least() {
  Sample sample;
  sample.i8 = std::numeric_limits<std::int8_t>::min();
  sample.i16 = std::numeric_limits<std::int16_t>::min();
  sample.i32 = std::numeric_limits<std::int32_t>::min();
  sample.i64 = std::numeric_limits<std::int64_t>::min();
  sample.f32 = -std::numeric_limits<float>::infinity();
  sample.f64 = std::numeric_limits<double>::denorm_min();
  sample.at = sys_days(year(-4700) / 1 / 1) + 1us;
  sample.day = year(-4700) / 1 / 1;
  sample.price = Decimal("-0.0000000000000000000000000001");
  sample.json = Json{"{}"};
  return sample;
}

Sample most() {
  Sample sample;
  sample.flag = true;
  sample.i8 = std::numeric_limits<std::int8_t>::max();
  sample.i16 = std::numeric_limits<std::int16_t>::max();
  sample.i32 = std::numeric_limits<std::int32_t>::max();
  sample.i64 = std::numeric_limits<std::int64_t>::max();
  sample.u8 = 255;
  sample.u16 = 65535;
  sample.u32 = std::numeric_limits<std::uint32_t>::max();
  sample.u64 = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  sample.f32 = std::numeric_limits<float>::max();
  sample.f64 = std::numeric_limits<double>::max();
  sample.text = "Zoë's \"text\"; ✓ \\x41 $1 ?";
  for (int i = 0; i < 256; ++i) sample.bytes.push_back(static_cast<std::byte>(i));
  sample.at = sys_days(year(9999) / 12 / 31) + 23h + 59min + 59s + 999'999us;
  sample.day = year(32767) / 12 / 31;
  sample.level = Level::high;
  sample.color = Color::green;
  sample.uuid = Uuid::parse("ffffffff-89ab-cdef-0123-456789abcdef");
  sample.price = Decimal("12345678901234567890123456789012345678901234567890.000000001");
  sample.json = Json{R"({"a": [1, 2.50, null, "\u0001\"✓"], "b": {"c": true}})"};
  sample.maybe_number = 0;
  sample.maybe_text = "";
  sample.maybe_bytes = Bytes();
  sample.maybe_at = Instant(-1us);
  sample.maybe_json = Json{"null"};
  return sample;
}

class PostgresqlTypes : public support::PostgresqlReading {
 protected:
  PostgresqlTypes() { db->create_db<Sample>(); }

  Sample store(Sample sample) {
    return db->with([&](sql::Session& session) { return session.add(std::move(sample)); });
  }
  Sample load(std::int64_t id) {
    return db->with([&](sql::Session& session) { return session.query<Sample>().get_one(id); });
  }
};

TEST_F(PostgresqlTypes, EveryTypeRoundTripsInTextAndInBinary) {
  for (const Sample& sample : {least(), most()}) {
    const Sample stored = store(sample);
    Sample expected = sample;
    expected.id = stored.id;
    EXPECT_EQ(load(stored.id), expected) << "read as text";
    EXPECT_EQ(load(stored.id), expected) << "read in binary";
  }
}

TEST_F(PostgresqlTypes, EveryTypeRoundTripsByCopy) {
  std::vector<Sample> samples;
  for (int i = 0; i < 600; ++i) {
    samples.push_back(i % 2 == 0 ? least() : most());
    samples.back().id = i + 1;
  }
  samples[1].at = Instant(std::chrono::sys_days(year(0) / 12 / 31) + 1us);
  samples[1].day = year(-43) / 3 / 15;
  samples[3].text = "\\N";
  samples[5].text = "\\.";
  samples[7].text = "a\tb\nc\rd\\e\b\f\v";
  samples[9].f64 = 0.1;
  samples[9].f32 = 0.1F;
  samples[11].f64 = -std::numeric_limits<double>::infinity();
  samples[13].at = Instant(sys_days(year(294276) / 12 / 31) + 23h + 59min + 59s + 999'999us);
  db->with([&](sql::Session& session) { session.add_all(samples); });
  const std::vector<Sample> stored =
      db->with([](sql::Session& session) { return session.query<Sample>().order_by(col<&Sample::id>).all(); });
  EXPECT_TRUE(stored == samples);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(stored.at(i), samples[i]) << i;
}

TEST_F(PostgresqlTypes, ColumnsHaveTheTypesThatAPersonWouldTake) {
  const Result columns = db->execute(
      "SELECT string_agg(column_name || ' ' || data_type || CASE is_nullable WHEN 'YES' THEN ' null' ELSE '' END, "
      "', ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_schema = $1",
      schema.name());
  EXPECT_EQ(columns.scalar<std::string>(),
            "id bigint, flag boolean, i8 smallint, i16 smallint, i32 integer, i64 bigint, u8 smallint, u16 integer, "
            "u32 bigint, u64 bigint, f32 real, f64 double precision, text text, bytes bytea, "
            "at timestamp with time zone, day date, level smallint, color text, uuid uuid, price numeric, "
            "json jsonb, maybe_number integer null, maybe_text text null, maybe_bytes bytea null, "
            "maybe_at timestamp with time zone null, maybe_json jsonb null");
}

TEST_F(PostgresqlTypes, FieldsThatAreNullNowAndThenKeepOneStatement) {
  for (const bool filled : {false, true, false, true}) store(filled ? most() : least());
  const auto inserts = db->execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT%'");
  EXPECT_LE(inserts.scalar<int>(), 2);
}

TEST_F(PostgresqlTypes, AnUnsignedNumberBeyondTheSignedOnesIsRefused) {
  Sample sample = least();
  sample.u64 = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THROW(store(sample), ConversionError);
  EXPECT_EQ(db->execute("SELECT count(*) FROM samples").scalar<int>(), 0);
}

TEST_F(PostgresqlTypes, RealNumbersKeepEveryBit) {
  for (const double value :
       {0.1, -0.0, 1e308, 5e-324, std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()}) {
    for (int run = 0; run < 2; ++run) {
      const auto stored = db->execute("SELECT $1::float8", value).scalar<double>();
      EXPECT_EQ(std::bit_cast<std::uint64_t>(stored), std::bit_cast<std::uint64_t>(value));
    }
  }
  for (int run = 0; run < 2; ++run) {
    EXPECT_TRUE(std::isnan(db->execute("SELECT $1::float8", std::nan("")).scalar<double>()));
    EXPECT_TRUE(std::isnan(db->execute("SELECT $1::float4", std::nan("")).scalar<float>()));
    EXPECT_EQ(db->execute("SELECT $1::float4", 0.1F).scalar<float>(), 0.1F);
  }
}

TEST_F(PostgresqlTypes, TimesAreInstantsWhateverZoneTheyWereWrittenIn) {
  const Instant noon = sys_days(year(2026) / 3 / 1) + 12h + 123456us;
  EXPECT_EQ(read<Instant>("'2026-03-01 12:00:00.123456Z'::timestamptz"), noon);
  EXPECT_EQ(read<Instant>("'2026-03-01 17:30:00.123456+05:30'::timestamptz"), noon);
  EXPECT_EQ(read<Instant>("'2026-03-01 12:00:00.123456'::timestamp"), noon);
  EXPECT_EQ(read<Instant>("'0044-03-15 12:00 BC'::timestamp"), Instant(sys_days(year(-43) / 3 / 15) + 12h));
  EXPECT_EQ(read<sys_days>("'0001-02-29 BC'::date"), sys_days(year(0) / 2 / 29));
  for (const char* const beyond : {"'infinity'::timestamptz", "'-infinity'::timestamp"}) {
    EXPECT_THAT(refusal<Instant>(beyond), HasSubstr("infinite"));
  }
  EXPECT_THAT(refusal<sys_days>("'infinity'::date"), HasSubstr("infinite"));
}

TEST_F(PostgresqlTypes, TimesThatPostgresqlCannotKeepAreRefused) {
  for (const Instant beyond : {Instant::max(), Instant::min(), Instant(sys_days(year(-4800) / 1 / 1))}) {
    EXPECT_THROW(db->execute("SELECT $1::timestamptz", beyond), ConversionError);
  }
}

TEST_F(PostgresqlTypes, DecimalsAreWrittenAsTheServerDoes) {
  for (const char* const number :
       {"0", "0.0", "1", "-1", "0.1", "10000", "9999", "10000.0001", "-0.00001", "100000000", "0.0001", "0.00010000",
        "123456789.987654321", "1e20", "1e-20", "NaN", "Infinity", "-Infinity"}) {
    const std::string literal = "'" + std::string(number) + "'::numeric";
    EXPECT_EQ(read<std::string>(literal), read<std::string>(literal + "::text")) << number;
  }
  EXPECT_EQ(read<Decimal>("1234.50::numeric(10, 3)").text(), "1234.500");
  EXPECT_EQ(read<std::int64_t>("sum(n) FROM (VALUES (1::bigint), (41)) AS t(n)"), 42);
  EXPECT_DOUBLE_EQ(read<double>("avg(n) FROM (VALUES (1), (2)) AS t(n)"), 1.5);
}

TEST_F(PostgresqlTypes, EveryUnicodePlaneRoundTrips) {
  std::string text;
  for (std::uint32_t plane = 0; plane <= 16; ++plane) {
    const std::uint32_t code = plane * 0x10000U + (plane == 0 ? 0x20ACU : 0xFFFDU);
    if (code < 0x10000U) {
      text += static_cast<char>(0xE0U | code >> 12U);
    } else {
      text += static_cast<char>(0xF0U | code >> 18U);
      text += static_cast<char>(0x80U | (code >> 12U & 0x3FU));
    }
    text += static_cast<char>(0x80U | (code >> 6U & 0x3FU));
    text += static_cast<char>(0x80U | (code & 0x3FU));
  }
  for (int run = 0; run < 2; ++run) EXPECT_EQ(db->execute("SELECT $1::text", text).scalar<std::string>(), text);
}

TEST_F(PostgresqlTypes, TextThatIsNoneIsRefusedWithoutRepeatingIt) {
  const auto message = [&](const std::string& text) {
    try {
      db->execute("SELECT $1::text", text);
    } catch (const ConversionError& error) {
      return std::string(error.what());
    }
    return std::string("it was stored");
  };
  EXPECT_THAT(message(std::string("a\0b", 3)), HasSubstr("NUL"));
  EXPECT_THAT(message("secret \xFF"), testing::AllOf(HasSubstr("invalid byte sequence"), Not(HasSubstr("0xff"))));
  EXPECT_THROW(db->execute("SELECT $1::int", "secret"), ConversionError);
  try {
    db->execute("SELECT $1::int", "secret");
  } catch (const ConversionError& error) {
    EXPECT_THAT(error.what(), Not(HasSubstr("secret")));
  }
}

TEST_F(PostgresqlTypes, EmptyIsNotNull) {
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(db->execute("SELECT $1::text", "").scalar<std::optional<std::string>>(), "");
    EXPECT_EQ(db->execute("SELECT $1::bytea", Bytes()).scalar<std::optional<Bytes>>(), Bytes());
    EXPECT_EQ(db->execute("SELECT $1::text", std::nullopt).scalar<std::optional<std::string>>(), std::nullopt);
  }
  EXPECT_THROW((void)read<std::string>("NULL::text"), ConversionError);
}

TEST_F(PostgresqlTypes, BigValuesRoundTrip) {
  for (const std::size_t size : {std::size_t{1} << 20U, std::size_t{64} << 20U}) {
    Bytes bytes;
    for (std::uint32_t i = 0; i < 4096; ++i) bytes.push_back(static_cast<std::byte>(i * 2654435761U >> 13U));
    bytes.reserve(size);
    while (bytes.size() < size) bytes.insert(bytes.end(), bytes.begin(), bytes.begin() + 4096);
    for (int run = 0; run < 2; ++run) {
      EXPECT_TRUE(db->execute("SELECT $1::bytea", bytes).scalar<Bytes>() == bytes);
    }
  }
  const std::string text(16U << 20U, 'x');
  EXPECT_TRUE(db->execute("SELECT $1::text", text).scalar<std::string>() == text);
}

TEST_F(PostgresqlTypes, WhatHasNoMappingComesAndGoesAsText) {
  EXPECT_EQ(read<std::string>("'1 month 1 day 02:03:04'::interval"), "P1M1DT2H3M4S");
  EXPECT_EQ(read<std::string>("'10.0.0.1/8'::inet"), "10.0.0.1/8");
  EXPECT_EQ(read<std::string>("int4range(1, 5)"), "[1,5)");
  db->execute("CREATE TYPE mood AS ENUM ('fine', 'sad')");
  db->execute("CREATE TABLE people (id int, mood mood, tags text[])");
  db->execute("INSERT INTO people VALUES ($1, $2, $3)", 1, "sad", "{a,b}");
  EXPECT_EQ(db->execute("SELECT mood FROM people WHERE mood = $1", "sad").scalar<std::string>(), "sad");
  EXPECT_EQ(db->execute("SELECT count(*) FROM people WHERE id = ANY($1)", "{1,2}").scalar<int>(), 1);
}

TEST_F(PostgresqlTypes, QuestionMarksArePlaceholdersUnlessTheStatementHasNumberedOnes) {
  EXPECT_EQ(db->execute("SELECT ? + ? /* ? */ -- ?\n + length('?')", 40, 1).scalar<int>(), 42);
  EXPECT_TRUE(db->execute("SELECT '{\"a\": 1}'::jsonb ? 'a'").scalar<bool>());
  EXPECT_TRUE(db->execute("SELECT $1::jsonb ? 'a'", Json{R"({"a": 1})"}).scalar<bool>());
  EXPECT_EQ(db->execute("SELECT $tag$ $1 ? $tag$ || E'\\'?' || $1", "x").scalar<std::string>(), " $1 ? '?x");
}

TEST_F(PostgresqlTypes, MoreParametersThanTheProtocolCountsAreRefused) {
  const auto connection = sql::make_postgresql_driver(schema.options())->connect(Access::read_write, Deadline::in(10s));
  const auto count = [&](std::size_t values) {
    std::string sql = "SELECT 1 WHERE 1 IN ($1";
    for (std::size_t i = 2; i <= values; ++i) sql += ",$" + std::to_string(i);
    const std::vector<mapping::Scalar> ones(values, mapping::Scalar::integer(1));
    const auto statement = connection->prepare(sql + ")");
    statement->execute(ones, sql::driver::Fetching::at_once);
    return statement->fetch();
  };
  EXPECT_TRUE(count(65'535));
  EXPECT_THROW((void)count(65'536), UsageError);
}

TEST_F(PostgresqlTypes, AColumnThatChangedItsTypeIsReadAsWhatItIsNow) {
  db->execute("CREATE TABLE changing (a int)");
  db->execute("INSERT INTO changing VALUES (1)");
  for (int run = 0; run < 2; ++run) EXPECT_EQ(db->execute("SELECT * FROM changing").columns().size(), 1U);
  schema.administrator().execute("ALTER TABLE changing ALTER a TYPE text, ADD b uuid DEFAULT gen_random_uuid()");
  for (int run = 0; run < 2; ++run) {
    const Result now = db->execute("SELECT * FROM changing");
    EXPECT_THAT(now.columns(), ElementsAre("a", "b"));
    EXPECT_EQ(now[0].get<std::string>("a"), "1");
    EXPECT_NO_THROW((void)now[0].get<Uuid>("b"));
  }
  schema.administrator().execute("ALTER TABLE changing DROP b");
  EXPECT_EQ(db->with([](sql::Session& session) { return session.execute("SELECT * FROM changing").columns().size(); }),
            1U);
}

}  // namespace
}  // namespace core_lib
