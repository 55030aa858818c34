// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/mapping/uuid.hpp"

#include "integration/postgresql/reading.hpp"

namespace core_lib {
namespace {

using namespace std::chrono_literals;
using sql::Result;
using testing::ElementsAre;
using testing::HasSubstr;

enum class Tint { red, green };

struct Tinted {
  std::int64_t id{};
  Uuid uuid;
  Tint tint{};
};

}  // namespace

template <>
struct EnumNames<Tint> {
  static constexpr std::pair<Tint, std::string_view> names[] = {{Tint::red, "red"}, {Tint::green, "green"}};
};
template <>
struct Entity<Tinted> : entity<"tinted", key<&Tinted::id>> {};

namespace {

using PostgresqlArrays = support::PostgresqlReading;

TEST_F(PostgresqlArrays, ArraysAreListsWhateverTheirNumbersAre) {
  EXPECT_THAT(read<std::vector<int>>("ARRAY[1, 2, 3]::smallint[]"), ElementsAre(1, 2, 3));
  EXPECT_THAT(read<std::vector<std::int64_t>>("ARRAY[1, 2, 3]"), ElementsAre(1, 2, 3));
  EXPECT_THAT(read<std::vector<std::optional<int>>>("ARRAY[1, NULL]"), ElementsAre(1, std::nullopt));
  EXPECT_THAT(read<std::vector<std::string>>("ARRAY['a', 'b c', '{\"}']::varchar[] || ARRAY['NULL']::varchar[]"),
              ElementsAre("a", "b c", "{\"}", "NULL"));
  EXPECT_THAT(read<std::vector<int>>("'[5:6]={1,2}'::int[]"), ElementsAre(1, 2));
  EXPECT_THAT(read<std::vector<int>>("'[1, 2]'::jsonb"), ElementsAre(1, 2));
  EXPECT_THAT(read<std::vector<int>>("'{}'::int[]"), testing::IsEmpty());
  EXPECT_EQ(read<std::optional<std::vector<int>>>("NULL::int[]"), std::nullopt);
  EXPECT_THAT(refusal<std::vector<int>>("ARRAY[[1, 2], [3, 4]]"), HasSubstr("more than one dimension"));
  EXPECT_THAT(refusal<std::vector<int>>("ARRAY[1, NULL]"), HasSubstr("value 2 of the list: null does not fit"));
}

TEST_F(PostgresqlArrays, ListsAreParametersOfAnyArray) {
  db->execute("CREATE TYPE mood AS ENUM ('fine', 'sad')");
  db->execute("CREATE TABLE people (id int, mood mood, tags varchar(20)[], marks smallint[], moods mood[])");
  db->execute("INSERT INTO people VALUES ($1, $2, $3, $4, $5)", 1, "sad", std::vector<std::string>{"a", "b \"c\""},
              std::vector<std::int64_t>{1, 2}, std::vector<std::string>{"sad", "fine"});
  for (int run = 0; run < 2; ++run) {
    EXPECT_EQ(db->execute("SELECT count(*) FROM people WHERE id = ANY($1)", std::vector<int>{1, 7}).scalar<int>(), 1);
    EXPECT_EQ(db->execute("SELECT count(*) FROM people WHERE id = ANY($1)", std::vector<int>()).scalar<int>(), 0);
    EXPECT_EQ(
        db->execute("SELECT count(*) FROM people WHERE mood = ANY($1)", std::vector<std::string>{"sad"}).scalar<int>(),
        1);
    const Result row = db->execute("SELECT tags, marks, moods::text[] FROM people");
    EXPECT_THAT(row[0].get<std::vector<std::string>>("tags"), ElementsAre("a", "b \"c\""));
    EXPECT_THAT(row[0].get<std::vector<int>>("marks"), ElementsAre(1, 2));
    EXPECT_THAT(row[0].get<std::vector<std::string>>("moods"), ElementsAre("sad", "fine"));
  }
}

TEST_F(PostgresqlArrays, IntervalsAreDurationsUnlessTheyHaveMonths) {
  using std::chrono::microseconds;
  EXPECT_EQ(read<microseconds>("'1 day 02:03:04.5'::interval"), 26h + 3min + 4'500ms);
  EXPECT_EQ(read<microseconds>("'-1 day +02:03:04.5'::interval"), -24h + 2h + 3min + 4'500ms);
  EXPECT_EQ(read<microseconds>("'-00:00:00.000001'::interval"), -1us);
  EXPECT_EQ(read<std::chrono::hours>("'-1 microsecond'::interval"), -1h) << "cut off towards the negative";
  EXPECT_EQ(read<microseconds>("4711::bigint"), 4711us);
  EXPECT_THAT(refusal<microseconds>("'1 month'::interval"), HasSubstr("without months"));
  EXPECT_EQ(db->execute("SELECT now() + $1 > now()", 1s).scalar<bool>(), true);
}

TEST_F(PostgresqlArrays, InHasOneShapeForListsOfAnyLength) {
  db->create_db<Tinted>();
  db->with([](sql::Session& session) {
    session.add_all(std::vector<Tinted>(3));
    const auto count = [&](const std::vector<std::int64_t>& ids) {
      return session.query<Tinted>().filter(col<&Tinted::id>.in(ids)).count();
    };
    EXPECT_EQ(count({1, 3, 99}), 2U);
    EXPECT_EQ(count({2}), 1U);
    EXPECT_EQ(count(std::vector<std::int64_t>(100'000, 2)), 1U);
    EXPECT_EQ(session.query<Tinted>().filter(col<&Tinted::id>.not_in({1, 3})).count(), 1U);
    EXPECT_EQ(
        session.query<Tinted>().filter(col<&Tinted::uuid>.in({Uuid()}), col<&Tinted::tint>.in({Tint::red})).count(),
        3U);
    const std::string shapes =
        "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%= ANY($1)' AND statement LIKE '%COUNT%id%'";
    EXPECT_EQ(session.execute(shapes).scalar<int>(), 1);
  });
}

}  // namespace
}  // namespace core_lib
