// SPDX-License-Identifier: Apache-2.0
// What docs/how-to/bulk.md shows.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

// [quote entity]
struct Article {
  std::int64_t id{};
  std::string code;  // unique
  std::int64_t stock{};
};
template <>
struct core_lib::Entity<Article>
    : core_lib::entity<"articles", core_lib::key<&Article::id>, core_lib::unique<&Article::code>> {};

namespace articles {
constexpr auto id = core_lib::col<&Article::id>;
constexpr auto code = core_lib::col<&Article::code>;
constexpr auto stock = core_lib::col<&Article::stock>;
}  // namespace articles
// [/quote]

namespace core_lib {
namespace {

using sql::Session;
using testing::ElementsAre;

class BulkTest : public testing::Test {
 protected:
  BulkTest() { db.create_db<Article>(); }
  static std::vector<Article> some(int count) {
    std::vector<Article> all;
    for (int i = 0; i < count; ++i) all.push_back({0, "code " + std::to_string(i), i});
    return all;
  }

  SqlConnectionRegistry db{sql::make_sqlite_driver()};
};

TEST_F(BulkTest, AddsMany) {
  std::vector<Article> all = some(500);
  // [quote add_all]
  db.with([&](Session& session) {
    session.add_all(all, core_lib::sql::fill_keys);  // without the second argument the keys stay 0
  });
  // [/quote]
  EXPECT_EQ(all[0].id + 499, all[499].id);
}

TEST_F(BulkTest, Upserts) {
  std::vector<Article> delivery = some(3);
  Article nut{0, "nut", 7};
  // [quote upsert]
  db.with([&](Session& session) {
    session.upsert(Article{8, "bolt", 5});         // by its key
    session.upsert<&Article::code>(nut);           // by a unique column; nut.id is known then
    session.upsert_all<&Article::code>(delivery);  // many
  });
  // [/quote]
  EXPECT_NE(nut.id, 0);
  const Article constant{0, "nut", 8};
  EXPECT_EQ(db.with([&](Session& session) { return session.upsert<&Article::code>(constant).id; }), nut.id);
  EXPECT_EQ(db.with([](Session& session) { return session.query<Article>().count(); }), 5);
}

TEST_F(BulkTest, LocksAndReturns) {
  db.with([](Session& session) { session.add_all(some(10)); });
  // [quote for_update]
  db.with([&](Session& session) {
    Article article = session.query<Article>().filter(articles::code == "code 3").for_update().one();
    article.stock -= 1;  // nobody else changes it meanwhile
    session.save(article);
  });
  // [/quote]
  // [quote returning]
  const std::vector<Article> sold_out =
      db.with([](Session& session) { return session.query<Article>().filter(articles::stock < 2).remove_returning(); });
  // [/quote]
  EXPECT_EQ(sold_out.size(), 2U);
  const auto refilled = db.with([](Session& session) {
    return session.query<Article>()
        .filter(articles::stock == 2)
        .update_returning(articles::stock = articles::stock + 8);
  });
  ASSERT_EQ(refilled.size(), 2U);  // 2, and what 3 became
  EXPECT_EQ(refilled[0].stock, 10);
}

// [quote page]
std::vector<Article> page(Session& session, const std::optional<Article>& last) {
  return session.query<Article>().page_after(last, 20, core_lib::desc(articles::stock), articles::id).all();
}
// [/quote]

TEST_F(BulkTest, TurnsPages) {
  db.with([](Session& session) {
    session.add_all(some(45));
    std::vector<std::size_t> sizes;
    for (std::optional<Article> last;;) {
      const std::vector<Article> rows = page(session, last);
      sizes.push_back(rows.size());
      if (rows.empty()) break;
      last = rows.back();
    }
    EXPECT_THAT(sizes, ElementsAre(20U, 20U, 5U, 0U));
  });
}

TEST_F(BulkTest, Batches) {
  db.with([](Session& session) { session.add_all(some(2)); });
  const std::string from = "code 1";
  const std::string to = "code 0";
  // [quote batch]
  core_lib::sql::Batch batch;
  batch.add("UPDATE articles SET stock = stock - 1 WHERE code = ?", from);
  batch.add("UPDATE articles SET stock = stock + 1 WHERE code = ?", to);
  batch.add("SELECT SUM(stock) FROM articles");
  const auto results = db.with([&](Session& session) { return session.execute(batch); });
  // [/quote]
  EXPECT_EQ(results[1].rows_matched(), 1U);
  EXPECT_EQ(results[2].scalar<std::int64_t>(), 1);
}

TEST_F(BulkTest, Streams) {
  db.with([](Session& session) { session.add_all(some(100)); });
  std::int64_t total = 0;
  // [quote stream]
  db.with([&](Session& session) {
    for (const Article& article : session.query<Article>().order_by(articles::id).stream()) {
      if (article.stock == 50) break;
      total += article.stock;
    }
  });
  // [/quote]
  EXPECT_EQ(total, 49 * 50 / 2);
}

}  // namespace
}  // namespace core_lib
