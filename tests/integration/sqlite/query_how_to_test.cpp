// SPDX-License-Identifier: Apache-2.0
// The code that docs/how-to/query.md quotes.
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace {

using core_lib::desc;
using core_lib::read_only;
using core_lib::sql::count;
using core_lib::sql::Session;
using testing::ElementsAre;

// [quote entities]
struct Author {
  std::int64_t id{};
  std::string name;
  std::optional<std::string> city;
};
struct Post {
  std::int64_t id{};
  std::int64_t author_id{};
  std::string title;
  std::int32_t likes{};
};
// [/quote]

}  // namespace

template <>
struct core_lib::Entity<Author> : core_lib::entity<"authors", core_lib::key<&Author::id>> {};
template <>
struct core_lib::Entity<Post>
    : core_lib::entity<"posts", core_lib::key<&Post::id>, core_lib::references<&Post::author_id, &Author::id>> {};

namespace {

// [quote columns]
namespace authors {
constexpr auto id = core_lib::col<&Author::id>;
constexpr auto name = core_lib::col<&Author::name>;
constexpr auto city = core_lib::col<&Author::city>;
}  // namespace authors
// [/quote]
namespace posts {
constexpr auto id = core_lib::col<&Post::id>;
constexpr auto author_id = core_lib::col<&Post::author_id>;
constexpr auto title = core_lib::col<&Post::title>;
constexpr auto likes = core_lib::col<&Post::likes>;
}  // namespace posts

// [quote filter]
std::vector<Post> popular(Session& session, std::int64_t author_id) {
  return session.query<Post>()
      .filter(posts::author_id == author_id, posts::likes >= 10)  // both must hold
      .order_by(desc(posts::likes), posts::id)
      .limit(20)
      .all();
}
// [/quote]

// [quote conditions]
std::vector<Author> some(Session& session) {
  return session.query<Author>()
      .filter(authors::city == std::nullopt || authors::city.in({"Ulm", "Bonn"}))
      .filter(!authors::name.starts_with("test_"), authors::id.between(1, 1'000))
      .all();
}
// [/quote]

// [quote grow]
struct Wish {
  std::optional<std::string> word;
  std::optional<std::int32_t> least_likes;
};

std::vector<Post> find(Session& session, const Wish& wish) {
  auto query = session.query<Post>();
  if (wish.word) query.filter(posts::title.contains(*wish.word));
  if (wish.least_likes) query.filter(posts::likes >= *wish.least_likes);
  return std::move(query).order_by(posts::id).limit(100).all();
}
// [/quote]

// [quote join]
std::vector<std::tuple<std::string, std::int64_t>> posts_of_each(Session& session) {
  return session.query<Author>()
      .left_join<Post>(posts::author_id == authors::id)
      .group_by(authors::id, authors::name)
      .select(authors::name, count(posts::id))
      .order_by(desc(count(posts::id)), authors::name)
      .all();
}
// [/quote]

// [quote write]
std::uint64_t like(Session& session, std::int64_t post_id) {
  return session.query<Post>().filter(posts::id == post_id).update(posts::likes = posts::likes + 1);
}
std::uint64_t forget_unloved(Session& session) { return session.query<Post>().filter(posts::likes == 0).remove(); }
// [/quote]

std::int64_t letters(Session& session) {
  std::int64_t letters = 0;
  for (const Post& post : session.query<Post>().stream()) letters += static_cast<std::int64_t>(post.title.size());
  return letters;
}

// [quote raw]
struct CityFigures {
  std::string city;
  std::int64_t authors{};
};

std::vector<CityFigures> cities(Session& session, std::int64_t least) {
  return session
      .execute(
          "SELECT city, COUNT(*) AS authors FROM authors WHERE city IS NOT NULL "
          "GROUP BY city HAVING COUNT(*) >= ? ORDER BY city",
          least)
      .as<CityFigures>();
}
// [/quote]

class QueryHowToTest : public testing::Test {
 protected:
  QueryHowToTest() {
    db.create_db<Author, Post>();
    db.with([](Session& session) {
      session.add_all(
          std::vector<Author>{{1, "Ada", "Ulm"}, {2, "Grace", {}}, {3, "Mary", "Rome"}, {4, "test_x", "Ulm"}});
      session.add_all(
          std::vector<Post>{{1, 1, "Engines", 12}, {2, 1, "Notes", 40}, {3, 1, "Lost", 0}, {4, 2, "Bugs", 9}});
    });
  }
  template <class Question>
  auto ask(Question question) {
    return db.with({.access = read_only}, question);
  }

  core_lib::SqlConnectionRegistry db{core_lib::sql::make_sqlite_driver()};
};

TEST_F(QueryHowToTest, Reads) {
  const auto found = ask([](Session& session) { return popular(session, 1); });
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].title, "Notes");
  const auto people = ask([](Session& session) { return some(session); });
  ASSERT_EQ(people.size(), 2U);
  EXPECT_EQ(people[1].name, "Grace");
  EXPECT_EQ(ask([](Session& session) { return find(session, {.word = "o", .least_likes = {}}); }).size(), 2U);
  EXPECT_EQ(ask([](Session& session) { return find(session, {.word = "o", .least_likes = 1}); }).size(), 1U);
  EXPECT_EQ(ask([](Session& session) { return find(session, {}); }).size(), 4U);
  using Row = std::tuple<std::string, std::int64_t>;
  EXPECT_THAT(ask([](Session& session) { return posts_of_each(session); }),
              ElementsAre(Row("Ada", 3), Row("Grace", 1), Row("Mary", 0), Row("test_x", 0)));
  EXPECT_EQ(ask([](Session& session) { return letters(session); }), 7 + 5 + 4 + 4);
  const auto figures = ask([](Session& session) { return cities(session, 2); });
  ASSERT_EQ(figures.size(), 1U);
  EXPECT_EQ(figures[0].city, "Ulm");
  EXPECT_EQ(figures[0].authors, 2);
}

TEST_F(QueryHowToTest, Writes) {
  EXPECT_EQ(db.with([](Session& session) { return like(session, 4); }), 1U);
  EXPECT_EQ(db.with([](Session& session) { return like(session, 99); }), 0U);
  EXPECT_EQ(db.with([](Session& session) { return forget_unloved(session); }), 1U);
  EXPECT_EQ(ask([](Session& session) { return session.query<Post>().get_one(4).likes; }), 10);
}

}  // namespace
