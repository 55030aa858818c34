// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "support/postgresql_schema.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year;
using Bytes = std::vector<std::byte>;
using Instant = std::chrono::sys_time<std::chrono::microseconds>;

/// One field of every type that COPY takes in binary.
struct PlainSample {
  std::int64_t id{};
  bool flag{};
  std::int8_t i8{};
  std::int32_t i32{};
  std::uint32_t u32{};
  float f32{};
  double f64{};
  std::string text{};
  Bytes bytes{};
  Instant at{};
  sys_days day{};
  std::chrono::milliseconds lasts{};
  Uuid uuid{};
  Json json{};
  std::optional<std::string> maybe_text{};
  std::optional<std::int32_t> maybe_number{};

  friend bool operator==(const PlainSample&, const PlainSample&) = default;
};

/// Fields of types that are written from the entity itself.
struct UsualSample {
  std::int64_t id{};
  bool flag{};
  std::int16_t i16{};
  std::int32_t i32{};
  float f32{};
  double f64{};
  std::string text;
  Instant at{};
  std::optional<bool> maybe_flag{};
  std::optional<std::int16_t> maybe_i16{};
  std::optional<std::int32_t> maybe_i32{};
  std::optional<std::int64_t> maybe_i64{};
  std::optional<float> maybe_f32{};
  std::optional<double> maybe_f64{};
  std::optional<std::string> maybe_text{};
  std::optional<Instant> maybe_at{};

  friend bool operator==(const UsualSample&, const UsualSample&) = default;
};

}  // namespace

template <>
struct Entity<PlainSample> : entity<"plain_samples", key<&PlainSample::id>> {};
template <>
struct Entity<UsualSample> : entity<"usual_samples", key<&UsualSample::id>> {};

namespace {

class PostgresqlBinaryCopy : public testing::Test {
 protected:
  support::PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db = schema.open();
};

TEST_F(PostgresqlBinaryCopy, TakesColumnsThatAllHaveABinaryForm) {
  db->create_db<PlainSample>();
  std::vector<PlainSample> samples(600);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    samples[i].id = static_cast<std::int64_t>(i + 1);
    samples[i].uuid = Uuid::random();
  }
  samples[1] = {.id = 2,
                .flag = true,
                .i8 = -128,
                .i32 = std::numeric_limits<std::int32_t>::min(),
                .u32 = std::numeric_limits<std::uint32_t>::max(),
                .f32 = 0.1F,
                .f64 = -std::numeric_limits<double>::infinity(),
                .text = "\\N \t\n\r Zo\xC3\xAB",
                .bytes = {std::byte{0}, std::byte{255}},
                .at = Instant(sys_days(year(-4700) / 1 / 1) + 1us),
                .day = year(32767) / 12 / 31,
                .lasts = -1ms,
                .uuid = Uuid::random(),
                .json = Json{R"({"a": [1, "\u0001"]})"},
                .maybe_text = "",
                .maybe_number = -1};
  samples[3].id = std::numeric_limits<std::int64_t>::min();
  db->with([&](sql::Session& session) { session.add_all(samples); });
  for (const std::size_t i : {0U, 1U, 3U}) {
    EXPECT_EQ(db->with([&](sql::Session& session) { return session.query<PlainSample>().get_one(samples[i].id); }),
              samples[i]);
  }
  EXPECT_EQ(db->with([](sql::Session& session) { return session.query<PlainSample>().count(); }), samples.size());
}

TEST_F(PostgresqlBinaryCopy, WritesTheUsualTypesFromTheEntityItself) {
  db->create_db<UsualSample>();
  std::vector<UsualSample> samples(600);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].id = static_cast<std::int64_t>(i + 1);
  const Instant at = Instant(sys_days(year(-4700) / 1 / 1) + 1us);
  samples[1] = {.id = 2,
                .flag = true,
                .i16 = -32768,
                .i32 = std::numeric_limits<std::int32_t>::min(),
                .f32 = 0.1F,
                .f64 = -std::numeric_limits<double>::infinity(),
                .text = std::string(100'000, 'x') + "\\N \t\n\r Zo\xC3\xAB",
                .at = at,
                .maybe_flag = true,
                .maybe_i16 = -2,
                .maybe_i32 = -3,
                .maybe_i64 = std::numeric_limits<std::int64_t>::max(),
                .maybe_f32 = std::numeric_limits<float>::max(),
                .maybe_f64 = 5e-324,
                .maybe_text = "",
                .maybe_at = at};
  const auto expect_stored = [&] {
    db->with([&](sql::Session& session) { session.add_all(samples); });
    EXPECT_EQ(db->with([](sql::Session& session) { return session.query<UsualSample>().all(); }), samples);
  };
  expect_stored();
  db->execute("TRUNCATE usual_samples");
  db->execute(
      "ALTER TABLE usual_samples ALTER text TYPE varchar, ALTER maybe_text TYPE varchar, "
      "ALTER at TYPE timestamp, ALTER maybe_at TYPE timestamp");
  expect_stored();
}

TEST_F(PostgresqlBinaryCopy, EndsAtARowThatDoesNotFitItsColumnAndStoresNothing) {
  const auto add = [&](const PlainSample& sample) {
    db->with([&](sql::Session& session) {
      std::vector<PlainSample> samples(600);
      for (std::size_t i = 0; i < samples.size(); ++i) samples[i].id = static_cast<std::int64_t>(i + 1);
      samples[500] = sample;
      session.add_all(samples);
    });
  };
  db->create_db<PlainSample>();
  db->execute("ALTER TABLE plain_samples ALTER i32 TYPE smallint, ALTER text TYPE varchar(3), ALTER f64 TYPE real");
  EXPECT_THROW(add({.id = 501, .i32 = 32768}), ConversionError);
  EXPECT_THROW(add({.id = 501, .f64 = 1e300}), ConversionError);
  EXPECT_THROW(add({.id = 501, .text = "long"}), ConversionError);
  EXPECT_THROW(add({.id = 501, .text = "\xFF"}), ConversionError);
  EXPECT_THROW(add({.id = 501, .json = Json{"{"}}), ConversionError);
  EXPECT_THROW(add({.id = 1}), UniqueViolation);
  EXPECT_EQ(db->execute("SELECT count(*) FROM plain_samples").scalar<int>(), 0);
  add({.id = 501, .i32 = 32767, .f64 = 1e38, .text = "abc"});
  EXPECT_EQ(db->execute("SELECT count(*) FROM plain_samples").scalar<int>(), 600);
}

}  // namespace
}  // namespace core_lib
