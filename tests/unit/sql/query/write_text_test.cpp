// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

class WriteTextTest : public ShopTest {
 protected:
  /// The message of the UsageError that a body throws.
  template <class Body>
  std::string usage_error(Body body) {
    try {
      db.with(body);
    } catch (const UsageError& error) {
      return error.what();
    }
    ADD_FAILURE() << "no UsageError";
    return {};
  }
};

TEST_F(WriteTextTest, AnUpdateAssignsValuesExpressionsAndNull) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              session.query<Customer>()
                  .filter(customers::id == 1)
                  .update(customers::name = "ada", customers::city = std::nullopt);
            }),
            R"(UPDATE "customers" SET "name" = ?, "city" = NULL WHERE "id" = ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              session.query<Order>().all_rows().update(orders::total = orders::total * 2 + 1,
                                                       sql::set(orders::discount, 0.5));
            }),
            R"(UPDATE "orders" SET "total" = "total" * ? + ?, "discount" = ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              session.query<Customer>().all_rows().update(customers::city = std::optional<std::string>());
            }),
            R"(UPDATE "customers" SET "city" = NULL)");
}

TEST_F(WriteTextTest, FiltersKeepTheirMeaningInWrites) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              session.query<Customer>()
                  .filter(customers::id == 1 || customers::id == 2)
                  .filter(!customers::active)
                  .update(customers::active = true);
            }),
            R"(UPDATE "customers" SET "active" = ? WHERE ("id" = ? OR "id" = ?) AND NOT "active")");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              session.query<Customer>().filter(customers::id == 1 || customers::active, customers::id > 7).remove();
            }),
            R"(DELETE FROM "customers" WHERE ("id" = ? OR "active") AND "id" > ?)");
}

TEST_F(WriteTextTest, RemoveDeletes) {
  EXPECT_EQ(sql_of([](sql::Session& session) { session.query<Line>().filter(lines::order_id == 1).remove(); }),
            R"(DELETE FROM "lines" WHERE "order_id" = ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) { session.query<Line>().all_rows().remove(); }), R"(DELETE FROM "lines")");
}

TEST_F(WriteTextTest, WritingEveryRowMustBeSaid) {
  EXPECT_THAT(
      usage_error([](sql::Session& session) { session.query<Customer>().update(customers::active = true); }),
      AllOf(HasSubstr("update() without a filter would touch every row of customers"), HasSubstr("all_rows()")));
  EXPECT_THAT(usage_error([](sql::Session& session) { session.query<Customer>().remove(); }),
              AllOf(HasSubstr("remove() without a filter"), HasSubstr("all_rows()")));
}

TEST_F(WriteTextTest, WhatWritesCannotDoIsRefused) {
  EXPECT_THAT(usage_error([](sql::Session& session) {
                session.query<Customer>().filter(customers::active).limit(1).update(customers::active = true);
              }),
              HasSubstr("update() takes filters only"));
  EXPECT_THAT(usage_error([](sql::Session& session) {
                session.query<Customer>().filter(customers::active).order_by(customers::id).remove();
              }),
              HasSubstr("remove() takes filters only"));
  EXPECT_THAT(
      usage_error([](sql::Session& session) { (void)session.query<Customer>().filter(customers::active).get(1); }),
      AllOf(HasSubstr("by its key alone"), HasSubstr("first() or one()")));
  EXPECT_THAT(usage_error([](sql::Session& session) { (void)session.query<Line>().get(1); }),
              HasSubstr("the key of lines has 2 fields, but 1 values were given"));
  EXPECT_THAT(usage_error([](sql::Session& session) { (void)session.query<Customer>().get("secret"); }),
              AllOf(HasSubstr("customers.id holds integer, but text was given"), Not(HasSubstr("secret"))));
}

TEST_F(WriteTextTest, AnInsertLeavesOutAKeyThatTheDatabaseMakes) {
  EXPECT_EQ(sql_of([](sql::Session& session) { session.add(Customer{0, "ada", {}, true}); }),
            R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?) RETURNING "id")");
  EXPECT_EQ(sql_of([](sql::Session& session) { session.add(Customer{5, "ada", {}, true}); }),
            R"(INSERT INTO "customers" ("id", "name", "city", "active") VALUES (?, ?, ?, ?))");
  EXPECT_EQ(sql_of([](sql::Session& session) { session.add(Counter{}); }),
            R"(INSERT INTO "counters" DEFAULT VALUES RETURNING "id")");
}

TEST_F(WriteTextTest, ManyRowsGoInFewStatements) {
  const auto texts = all_sql_of([](sql::Session& session) {
    session.add(Customer{9, "owner", {}, true});
    session.add(Order{1, 9, 0, {}});
    std::vector<Line> rows;
    for (int i = 0; i < 131; ++i) rows.push_back({1, i, "nail"});
    EXPECT_EQ(session.add_all(rows), 131U);
  });
  ASSERT_EQ(texts.size(), 5U);
  const auto rows_of = [](const std::string& text) { return std::count(text.begin(), text.end(), '(') - 1; };
  EXPECT_EQ(rows_of(texts[2]), 128);
  EXPECT_EQ(rows_of(texts[3]), 2);
  EXPECT_EQ(rows_of(texts[4]), 1);
  EXPECT_THAT(texts[3], EndsWith("VALUES (?, ?, ?), (?, ?, ?)"));
}

TEST_F(WriteTextTest, RowsWithAndWithoutKeysAreKeptApart) {
  const auto texts = all_sql_of([](sql::Session& session) {
    const std::vector<Customer> rows{{0, "a", {}, true}, {0, "b", {}, true}, {7, "c", {}, true}, {0, "d", {}, true}};
    EXPECT_EQ(session.add_all(rows), 4U);
    EXPECT_EQ(session.query<Customer>().count(), 4);
  });
  EXPECT_THAT(texts, ElementsAre(R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?), (?, ?, ?))",
                                 R"(INSERT INTO "customers" ("id", "name", "city", "active") VALUES (?, ?, ?, ?))",
                                 R"(INSERT INTO "customers" ("name", "city", "active") VALUES (?, ?, ?))",
                                 StartsWith("SELECT COUNT")));
}

TEST_F(WriteTextTest, RowsThatAreNothingButTheirKeyAreAllInserted) {
  db.with([](sql::Session& session) {
    EXPECT_EQ(session.add_all(std::vector<Counter>(5)), 5U);
    EXPECT_EQ(session.add_all(std::vector<Counter>{{100}, {101}, {102}}), 3U);
    EXPECT_EQ(session.query<Counter>().count(), 8);
  });
}

TEST_F(WriteTextTest, SaveWritesAllFieldsByTheKey) {
  db.with([](sql::Session& session) { session.add(Customer{1, "ada", {}, true}); });
  EXPECT_EQ(sql_of([](sql::Session& session) { session.save(Customer{1, "grace", "Ulm", false}); }),
            R"(UPDATE "customers" SET "name" = ?, "city" = ?, "active" = ? WHERE "id" = ?)");
  db.with([](sql::Session& session) {
    session.add(Order{1, 1, 0, {}});
    session.add(Line{1, 2, "nail"});
  });
  EXPECT_EQ(sql_of([](sql::Session& session) { session.save(Line{1, 2, "screw"}); }),
            R"(UPDATE "lines" SET "article" = ? WHERE "order_id" = ? AND "position" = ?)");
}

TEST_F(WriteTextTest, SaveOfNothingButAKeyTellsWhetherItIsThere) {
  db.with([](sql::Session& session) { session.add(Counter{3}); });
  EXPECT_EQ(sql_of([](sql::Session& session) { session.save(Counter{3}); }),
            R"(UPDATE "counters" SET "id" = "id" WHERE "id" = ?)");
  EXPECT_THROW(db.with([](sql::Session& session) { session.save(Counter{4}); }), NotFoundError);
}

}  // namespace
}  // namespace core_lib::shop
