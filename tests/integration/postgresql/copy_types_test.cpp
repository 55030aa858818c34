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

}  // namespace

template <>
struct Entity<PlainSample> : entity<"plain_samples", key<&PlainSample::id>> {};

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
