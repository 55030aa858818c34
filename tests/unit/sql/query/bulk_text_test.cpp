// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class BulkTextTest : public ShopTest {};

TEST_F(BulkTextTest, AnUpsertFindsTheRowByItsKeyOrByUniqueColumns) {
  EXPECT_EQ(sql_of([](sql::Session& session) { session.upsert(Customer{5, "ada", {}, true}); }),
            R"(INSERT INTO "customers" ("id", "name", "city", "active") VALUES (?, ?, ?, ?) ON CONFLICT ("id") )"
            R"(DO UPDATE SET "name" = excluded."name", "city" = excluded."city", "active" = excluded."active")");
  EXPECT_EQ(sql_of([](sql::Session& session) { session.upsert<&Customer::name>(Customer{0, "ada", {}, true}); }),
            R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?) ON CONFLICT ("name") )"
            R"(DO UPDATE SET "city" = excluded."city", "active" = excluded."active" RETURNING "id")");
}

TEST_F(BulkTextTest, AnUpsertOfARowWhoseKeyIsStillToBeMadeIsAnInsert) {
  EXPECT_EQ(sql_of([](sql::Session& session) { session.upsert(Customer{0, "ada", {}, true}); }),
            R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?) RETURNING "id")");
}

TEST_F(BulkTextTest, AnUpsertOfNothingButItsKeyWritesTheKey) {
  EXPECT_EQ(sql_of([](sql::Session& session) { session.upsert(Counter{3}); }),
            R"(INSERT INTO "counters" ("id") VALUES (?) ON CONFLICT ("id") DO UPDATE SET "id" = excluded."id")");
}

struct Keyless {
  int size{};
};

}  // namespace
}  // namespace core_lib::shop

template <>
struct core_lib::Entity<core_lib::shop::Keyless> : core_lib::entity<"keyless"> {};

namespace core_lib::shop {
namespace {

TEST_F(BulkTextTest, AnUpsertNeedsSomethingToFindTheRowBy) {
  db.with([](sql::Session& session) {
    try {
      session.upsert(Keyless{1});
      FAIL() << "no row can be found";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("add key<...> to its Entity"));
    }
  });
}

TEST_F(BulkTextTest, RowsOfManyUpsertsGoInFewStatements) {
  const auto texts = all_sql_of([](sql::Session& session) {
    const std::vector<Customer> rows{{1, "a", {}, true}, {2, "b", {}, true}, {3, "c", {}, true}};
    EXPECT_EQ(session.upsert_all(rows), 3U);
  });
  ASSERT_EQ(texts.size(), 2U);
  EXPECT_THAT(texts[0], HasSubstr("VALUES (?, ?, ?, ?), (?, ?, ?, ?) ON CONFLICT"));
}

TEST_F(BulkTextTest, KeysAreAskedForWhereTheyAreFilledIn) {
  const auto texts = all_sql_of([](sql::Session& session) {
    std::vector<Customer> rows{{0, "a", {}, true}, {0, "b", {}, true}, {7, "c", {}, true}};
    EXPECT_EQ(session.add_all(rows, sql::fill_keys), 3U);
    EXPECT_NE(rows[0].id, 0);
    EXPECT_EQ(rows[1].id, rows[0].id + 1);
    EXPECT_EQ(rows[2].id, 7);
  });
  EXPECT_THAT(texts, ElementsAre(R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?), (?, ?, ?) )"
                                 R"(RETURNING "id")",
                                 R"(INSERT INTO "customers" ("id", "name", "city", "active") VALUES (?, ?, ?, ?))"));
}

TEST_F(BulkTextTest, WritesGiveBackTheirRows) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Counter>().filter(col<&Counter::id> == 3).remove_returning();
            }),
            R"(DELETE FROM "counters" WHERE "id" = ? RETURNING "id")");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>().filter(orders::total < 5).update_returning(orders::total = 6);
            }),
            R"(UPDATE "orders" SET "total" = ? WHERE "total" < ? RETURNING "id", "customer_id", "total", "discount")");
}

TEST_F(BulkTextTest, APageGoesOnBehindTheLastRow) {
  const std::string columns = R"(SELECT "id", "customer_id", "total", "discount" FROM "orders")";
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>().page_after(std::nullopt, 10, desc(orders::total), orders::id).all();
            }),
            columns + R"( ORDER BY "total" DESC, "id" LIMIT ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>().page_after(Order{7, 1, 50, {}}, 10, desc(orders::total), orders::id).all();
            }),
            columns + R"( WHERE "total" < ? OR "total" = ? AND "id" > ? ORDER BY "total" DESC, "id" LIMIT ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>()
                  .filter(orders::customer_id == 1)
                  .page_after(Order{7, 1, 50, {}}, 10, orders::total, orders::id)
                  .all();
            }),
            columns + R"( WHERE "customer_id" = ? AND ("total" > ? OR "total" = ? AND "id" > ?) )"
                      R"(ORDER BY "total", "id" LIMIT ?)");
}

TEST_F(BulkTextTest, SqliteHasNoWordForALockAndNeedsNone) {
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().for_update().all(); }),
            R"(SELECT "id" FROM "counters")");
  db.with([](sql::Session& session) {
    EXPECT_THROW((void)session.query<Counter>().all_rows().for_update().remove(), UsageError);
  });
}

TEST_F(BulkTextTest, ABatchOwnsItsValues) {
  sql::Batch batch;
  {
    const std::string name(100, 'a');
    batch.add("INSERT INTO customers (name, active) VALUES (?, ?)", name, true);
    batch.add("INSERT INTO customers (name, city, active) VALUES (?, ?, ?)", "b", std::nullopt, false);
  }
  db.with([&](sql::Session& session) {
    EXPECT_EQ(session.execute(batch).size(), 2U);
    const auto rows = session.query<Customer>().order_by(customers::id).all();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].name, std::string(100, 'a'));
    EXPECT_TRUE(rows[0].active);
    EXPECT_EQ(rows[1].city, std::nullopt);
  });
}

}  // namespace
}  // namespace core_lib::shop
