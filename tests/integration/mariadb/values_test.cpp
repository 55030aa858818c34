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

#include "support/caught.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::byte>;
using Microseconds = std::chrono::sys_time<std::chrono::microseconds>;

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
  Microseconds at{};
  std::chrono::sys_days day{};
  Level level{};
  Color color{};
  Uuid uuid;
  Decimal price;
  Json json;
  std::optional<std::string> maybe_text;
  std::optional<Microseconds> maybe_at;
  std::optional<Decimal> maybe_price;
  std::optional<Bytes> maybe_bytes;

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

using support::caught;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Sample plain_sample() {
  Sample sample;
  sample.json = Json{"null"};
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
  sample.text = std::string("Zoë's \"text\"; \\ ✓ \0 end", 25);
  sample.bytes = {std::byte{0}, std::byte{255}, std::byte{0}};
  sample.at = std::chrono::sys_days(2024y / std::chrono::February / 29) + 12h + 34min + 56s + 789'012us;
  sample.day = 9999y / std::chrono::December / 31;
  sample.level = Level::high;
  sample.color = Color::green;
  sample.uuid = Uuid::parse("01234567-89ab-cdef-0123-456789abcdef");
  sample.price = Decimal("12345678901234567890123456789012345.123456789012345678901234567890");
  sample.json = Json{R"({"a": [1, 2.50, null]})"};
  sample.maybe_text = "";
  sample.maybe_at = Microseconds(-1us);
  sample.maybe_price = Decimal("-0.10");
  sample.maybe_bytes = Bytes();
  return sample;
}

class MariadbValues : public testing::Test {
 protected:
  MariadbValues() { db->create_db<Sample>(); }

  Sample round_trip(const Sample& sample) {
    const std::int64_t id = db->with([&](sql::Session& session) { return session.add(Sample(sample)).id; });
    Sample stored = db->with([&](sql::Session& session) { return session.query<Sample>().get_one(id); });
    stored.id = sample.id;
    return stored;
  }
  template <class T>
  T ask(const std::string& expression) {
    return db->execute("SELECT " + expression).scalar<T>();
  }

  support::MariadbDatabase database;
  std::unique_ptr<SqlConnectionRegistry> db = database.open();
};

TEST_F(MariadbValues, EveryTypeComesBackAsItWas) {
  EXPECT_EQ(round_trip(plain_sample()), plain_sample());
  EXPECT_EQ(round_trip(filled_sample()), filled_sample());
}

TEST_F(MariadbValues, BulkInsertsStoreTheSame) {
  std::vector<Sample> samples(350, filled_sample());
  for (const std::size_t plain : {0U, 7U, 300U}) samples[plain] = plain_sample();
  const auto stored = db->with([&](sql::Session& session) {
    session.add_all(std::span(samples).first(50));
    session.add_all(std::span(samples).subspan(50));  // so many go in another way
    return session.query<Sample>().order_by(col<&Sample::id>).all();
  });
  ASSERT_EQ(stored.size(), samples.size());
  for (std::size_t i = 0; i < stored.size(); ++i) {
    samples[i].id = stored[i].id;
    EXPECT_EQ(stored[i], samples[i]) << i;
  }
}

TEST_F(MariadbValues, AreStoredAsOthersWouldReadThem) {
  (void)round_trip(filled_sample());
  const sql::Result result = db->execute(
      "SELECT CAST(at AS CHAR) AS at, CAST(day AS CHAR) AS day, CAST(uuid AS CHAR) AS uuid, CAST(price AS CHAR) AS "
      "price,"
      " json, color, flag + 0 AS flag, level FROM samples");
  EXPECT_EQ(result[0].get<std::string>("at"), "2024-02-29 12:34:56.789012");
  EXPECT_EQ(result[0].get<std::string>("day"), "9999-12-31");
  EXPECT_EQ(result[0].get<std::string>("uuid"), "01234567-89ab-cdef-0123-456789abcdef");
  EXPECT_EQ(result[0].get<std::string>("price"), "12345678901234567890123456789012345.123456789012345678901234567890");
  EXPECT_EQ(result[0].get<std::string>("json"), R"({"a": [1, 2.50, null]})");
  EXPECT_EQ(result[0].get<std::string>("color"), "green");
  EXPECT_EQ(result[0].get<int>("flag"), 1);
  EXPECT_EQ(result[0].get<int>("level"), 255);
}

TEST_F(MariadbValues, ColumnsHaveTheTypesThatTheDocumentsName) {
  const sql::Result columns = database.administrator().execute(
      "SELECT column_name AS name, column_type AS type FROM information_schema.columns WHERE table_schema = DATABASE() "
      "AND table_name = 'samples'");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"id", "bigint(20)"},    {"flag", "tinyint(1)"},
      {"i8", "bigint(20)"},    {"u32", "bigint(20)"},
      {"f32", "double"},       {"f64", "double"},
      {"text", "longtext"},    {"bytes", "longblob"},
      {"at", "datetime(6)"},   {"day", "date"},
      {"level", "bigint(20)"}, {"color", "longtext"},
      {"uuid", "char(36)"},    {"price", "decimal(65,30)"},
      {"json", "longtext"},    {"maybe_at", "datetime(6)"}};
  for (const auto& [name, type] : expected) {
    bool found = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].get<std::string>("name") != name) continue;
      EXPECT_EQ(columns[i].get<std::string>("type"), type) << name;
      found = true;
    }
    EXPECT_TRUE(found) << name;
  }
}

TEST_F(MariadbValues, RealNumbersComeBackBitByBit) {
  for (const double value : {0.1, 1e308, 2.2250738585072014e-308, -0.0, 1.0, 9007199254740993.0}) {
    Sample sample = plain_sample();
    sample.f64 = value;
    EXPECT_EQ(round_trip(sample).f64, value);  // of zero the sign is lost
  }
}

TEST_F(MariadbValues, EveryPlaneOfUnicodeComesBack) {
  Sample sample = plain_sample();
  for (char32_t code = 1; code < 0x110000; code += 0x0FF3) {
    if (code >= 0xD800 && code < 0xE000) continue;
    if (code < 0x80) {
      sample.text += static_cast<char>(code);
    } else if (code < 0x800) {
      sample.text += {static_cast<char>(0xC0U | code >> 6U), static_cast<char>(0x80U | (code & 0x3FU))};
    } else if (code < 0x10000) {
      sample.text += {static_cast<char>(0xE0U | code >> 12U), static_cast<char>(0x80U | (code >> 6U & 0x3FU)),
                      static_cast<char>(0x80U | (code & 0x3FU))};
    } else {
      sample.text += {static_cast<char>(0xF0U | code >> 18U), static_cast<char>(0x80U | (code >> 12U & 0x3FU)),
                      static_cast<char>(0x80U | (code >> 6U & 0x3FU)), static_cast<char>(0x80U | (code & 0x3FU))};
    }
  }
  EXPECT_EQ(round_trip(sample).text, sample.text);
}

TEST_F(MariadbValues, TextIsComparedAsItIsWritten) {
  for (const char* const text : {"a", "A", "a ", "ä"}) {
    Sample sample = plain_sample();
    sample.text = text;
    (void)round_trip(sample);
  }
  EXPECT_EQ(
      db->with([](sql::Session& session) { return session.query<Sample>().filter(col<&Sample::text> == "a").count(); }),
      1);
}

TEST_F(MariadbValues, LargeValuesComeBackWhole) {
  Sample sample = plain_sample();
  sample.bytes.assign(1024 * 1024, std::byte{7});
  sample.text.assign(3'000'000, 'x');
  EXPECT_EQ(round_trip(sample), sample);
}

TEST_F(MariadbValues, AValueOf64MegabytesIsStoredWhereThePacketMayBeAsLarge) {
  database.administrator().execute("SET GLOBAL max_allowed_packet = 134217728");
  const auto large = database.open();
  database.administrator().execute("SET GLOBAL max_allowed_packet = 16777216");
  Sample sample = plain_sample();
  sample.bytes.assign(64 * 1024 * 1024, std::byte{9});
  const auto bytes = large->with([&](sql::Session& session) {
    const std::int64_t id = session.add(Sample(sample)).id;
    return session.query<Sample>().get_one(id).bytes;
  });
  EXPECT_TRUE(bytes == sample.bytes);
  const Error error = caught<Error>([&] { return round_trip(sample); });
  EXPECT_EQ(error.status_code(), 413);
  EXPECT_THAT(error.what(), HasSubstr("max_allowed_packet is 16777216"));
  EXPECT_FALSE(error.breaks_connection());
  const std::string text = "SELECT LENGTH('" + std::string(17 * 1024 * 1024, 'x') + "')";
  const Error of_text = caught<Error>([&] { return db->execute(text); });
  EXPECT_EQ(of_text.status_code(), 413);
  EXPECT_THAT(of_text.what(), HasSubstr("max_allowed_packet is 16777216"));
  EXPECT_EQ(db->execute("SELECT 1").scalar<int>(), 1);
}

TEST_F(MariadbValues, TimesOfOthersAreReadInUtc) {
  db->execute("CREATE TABLE moments (id INT, moment TIMESTAMP(6) NULL)");
  database.administrator().execute("SET time_zone = '+05:00'");
  database.administrator().execute("INSERT INTO moments VALUES (1, '2024-02-29 17:34:56.789012')");
  EXPECT_EQ(ask<Microseconds>("moment FROM moments"),
            std::chrono::sys_days(2024y / std::chrono::February / 29) + 12h + 34min + 56s + 789'012us);
}

TEST_F(MariadbValues, TypesThatHaveNoFieldOfTheirOwnAreReadToo) {
  EXPECT_EQ(ask<std::string>("CAST('-26:03:04.5' AS TIME(6))"), "-26:03:04.500000");
  EXPECT_EQ(ask<std::string>("CAST('00:00:00' AS TIME)"), "00:00:00");
  EXPECT_EQ(ask<int>("b'101'+0"), 5);
  db->execute("CREATE TABLE others (y YEAR, b BIT(9), e ENUM('x', 'y'), u BIGINT UNSIGNED, d DECIMAL(10,2), f FLOAT)");
  db->execute("INSERT INTO others VALUES (2024, b'100000001', 'y', 9223372036854775807, 1.50, 0.5)");
  const sql::Result row = db->execute("SELECT * FROM others");
  EXPECT_EQ(row[0].get<int>("y"), 2024);
  EXPECT_EQ(row[0].get<int>("b"), 257);
  EXPECT_EQ(row[0].get<std::string>("e"), "y");
  EXPECT_EQ(row[0].get<std::int64_t>("u"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(row[0].get<Decimal>("d").text(), "1.50");
  EXPECT_EQ(row[0].get<float>("f"), 0.5F);
}

TEST_F(MariadbValues, SumsAndAveragesAreReadAsNumbers) {
  db->with([](sql::Session& session) {
    for (const std::int64_t number : {1, 2, 4}) {
      Sample sample = plain_sample();
      sample.i64 = number;
      session.add(sample);
    }
    EXPECT_EQ(session.query<Sample>().select(sql::sum(col<&Sample::i64>)).one(), 7);
    EXPECT_NEAR(session.query<Sample>().select(sql::avg(col<&Sample::i64>)).one().value(), 7.0 / 3, 1e-4);
  });
}

// --- What cannot be stored, or read ---

TEST_F(MariadbValues, AnIntegerBeyond64BitsWithASignIsRefused) {
  EXPECT_THAT(caught<ConversionError>([&] { return ask<std::uint64_t>("18446744073709551615 AS big"); }).what(),
              AllOf(HasSubstr("column 'big'"), HasSubstr("unsigned"), Not(HasSubstr("18446744073709551615"))));
  Sample sample = plain_sample();
  sample.u64 = std::uint64_t{1} << 63U;
  EXPECT_THAT(caught<ConversionError>([&] { return round_trip(sample); }).what(), HasSubstr("out of range"));
}

TEST_F(MariadbValues, NotANumberAndInfinityAreRefused) {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                             -std::numeric_limits<double>::infinity()}) {
    Sample sample = plain_sample();
    sample.f64 = value;
    EXPECT_THAT(caught<ConversionError>([&] { return round_trip(sample); }).what(), HasSubstr("no NaN"));
  }
}

TEST_F(MariadbValues, ThatAreRefusedInABulkLeaveNothingOfIt) {
  std::vector<Sample> samples(400, plain_sample());
  samples[399].f64 = std::numeric_limits<double>::infinity();
  EXPECT_THROW(db->with([&](sql::Session& session) { session.add_all(samples); }), ConversionError);
  EXPECT_EQ(ask<int>("COUNT(*) FROM samples"), 0);
  EXPECT_EQ(db->pool_statistics()->connects, 1U);
}

TEST_F(MariadbValues, YearsThatTheServerDoesNotHaveAreRefused) {
  for (const auto day : {std::chrono::sys_days(10000y / std::chrono::January / 1),
                         std::chrono::sys_days(0y / std::chrono::December / 31)}) {
    Sample sample = plain_sample();
    sample.day = day;
    EXPECT_THAT(caught<ConversionError>([&] { return round_trip(sample); }).what(), HasSubstr("year 1 to 9999"));
    sample = plain_sample();
    sample.at = day;
    EXPECT_THAT(caught<ConversionError>([&] { return round_trip(sample); }).what(), HasSubstr("year 1 to 9999"));
  }
  Sample first = plain_sample();
  first.day = 1y / std::chrono::January / 1;
  EXPECT_EQ(round_trip(first).day, first.day);
}

TEST_F(MariadbValues, DecimalsThatWouldBeRoundedAreRefused) {
  for (const char* const text : {"0.1234567890123456789012345678901", "123456789012345678901234567890123456"}) {
    Sample sample = plain_sample();
    sample.price = Decimal(text);
    EXPECT_THAT(caught<ConversionError>([&] { return round_trip(sample); }).what(),
                AllOf(HasSubstr("35 digits"), Not(HasSubstr(text))));
  }
}

TEST_F(MariadbValues, ADateWithZerosIsRefused) {
  db->execute("CREATE TABLE dates (d DATE)");
  db->with([](sql::Session& session) {
    (void)session.execute("SET SESSION sql_mode = ''");
    (void)session.execute("INSERT INTO dates VALUES ('0000-00-00')");
    session.commit();
  });
  EXPECT_THAT(caught<ConversionError>([&] { return ask<std::chrono::sys_days>("d FROM dates"); }).what(),
              AllOf(HasSubstr("column 'd'"), HasSubstr("0000-00-00")));
}

TEST_F(MariadbValues, AreNeverInMessages) {
  db->execute(
      "CREATE TABLE strict (id INT PRIMARY KEY, small TINYINT, short VARCHAR(3), name VARCHAR(20) UNIQUE,"
      " CHECK (small < 100))");
  db->execute("INSERT INTO strict VALUES (1, 1, 'a', 'for key ''secret')");
  struct Case {
    const char* sql;
    const char* value;
    const char* says;
  };
  constexpr Case cases[] = {
      {"INSERT INTO strict (id, name) VALUES (2, ?)", "for key 'secret", "key 'name'"},
      {"INSERT INTO strict (id, small) VALUES (3, ?)", "secret", "small"},
      {"INSERT INTO strict (id, small) VALUES (3, ?)", "4711471147", "small"},
      {"INSERT INTO strict (id, short) VALUES (3, ?)", "secret", "short"},
      {"INSERT INTO strict (id, small) VALUES (3, ?)", "111", "CONSTRAINT"},
      {"INSERT INTO strict (id, short) VALUES (3, ?)", "\xff\xfe", "value"},
      {"INSERT INTO strict (id, small) VALUES (3, 1 + ?)", "secret", "number"},
  };
  for (const Case& failing : cases) {
    try {
      db->execute(failing.sql, failing.value);
      ADD_FAILURE() << failing.sql << " was done";
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), AllOf(HasSubstr(failing.says), Not(HasSubstr("secret")), Not(HasSubstr("4711471147"))));
    }
  }
}

TEST_F(MariadbValues, ListsThatNoStatementHoldsAreRefused) {
  const std::vector<std::int64_t> endless(70'000, 7);
  const auto find = [&](sql::Session& session) {
    return session.query<Sample>().filter(col<&Sample::id>.in(endless)).all();
  };
  try {
    (void)db->with(find);
    FAIL() << "it ran";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                AllOf(HasSubstr("70000 values"), HasSubstr("at most 65535"), HasSubstr("in several queries")));
  }
}

}  // namespace
}  // namespace core_lib
