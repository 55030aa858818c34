// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>

#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using sql::avg;
using sql::count;
using sql::count_distinct;
using sql::max;
using sql::min;
using sql::sum;

constexpr auto counter_id = col<&Counter::id>;

class SelectTextTest : public ShopTest {};

TEST_F(SelectTextTest, AnEntityIsReadByItsColumns) {
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Customer>().all(); }),
            R"(SELECT "id", "name", "city", "active" FROM "customers")");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Customer>().get(1); }),
            R"(SELECT "id", "name", "city", "active" FROM "customers" WHERE "id" = ?)");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Line>().get(1, 2); }),
            R"(SELECT "order_id", "position", "article" FROM "lines" WHERE "order_id" = ? AND "position" = ?)");
}

TEST_F(SelectTextTest, SortsEachColumnInItsDirection) {
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().order_by(desc(counter_id)).all(); }),
            R"(SELECT "id" FROM "counters" ORDER BY "id" DESC)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Customer>()
                  .select(customers::id)
                  .order_by(customers::city, desc(customers::name), asc(customers::id))
                  .order_by(customers::active)
                  .all();
            }),
            R"(SELECT "id" FROM "customers" ORDER BY "city", "name" DESC, "id" ASC, "active")");
}

TEST_F(SelectTextTest, LimitsAndOffsetsAreBound) {
  const std::string counters = R"(SELECT "id" FROM "counters")";
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().limit(5).all(); }),
            counters + " LIMIT ?");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().offset(5).limit(2).all(); }),
            counters + " LIMIT ? OFFSET ?");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().offset(5).all(); }),
            counters + " LIMIT -1 OFFSET ?");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().first(); }), counters + " LIMIT ?");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Counter>().limit(9).limit(5).all(); }),
            counters + " LIMIT ?");
}

TEST_F(SelectTextTest, SelectAsksForColumnsAndExpressions) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>().select(orders::id, orders::total * 2 + 1).all();
            }),
            R"(SELECT "id", "total" * ? + ? FROM "orders")");
  EXPECT_EQ(
      sql_of([](sql::Session& session) { (void)session.query<Customer>().select(customers::city).distinct().all(); }),
      R"(SELECT DISTINCT "city" FROM "customers")");
}

TEST_F(SelectTextTest, TheTypeOfARowFollowsFromWhatIsSelected) {
  db.with([](sql::Session& session) {
    static_assert(std::is_same_v<decltype(session.query<Customer>().select(customers::city).all()),
                                 std::vector<std::optional<std::string>>>);
    using Row = std::tuple<std::int64_t, std::optional<std::int64_t>, std::optional<double>, std::optional<double>>;
    static_assert(
        std::is_same_v<decltype(session.query<Order>()
                                    .select(count(), sum(orders::total), avg(orders::total), sum(orders::discount))
                                    .one()),
                       Row>);
    static_assert(
        std::is_same_v<decltype(session.query<Order>().select(min(orders::total)).one()), std::optional<std::int32_t>>);
  });
}

TEST_F(SelectTextTest, GroupsAndAggregates) {
  EXPECT_EQ(
      sql_of([](sql::Session& session) {
        (void)session.query<Order>()
            .filter(orders::total > 0)
            .group_by(orders::customer_id)
            .select(orders::customer_id, count(), count(orders::discount), count_distinct(orders::total),
                    sum(orders::total), min(orders::total), max(orders::total), avg(orders::total))
            .all();
      }),
      R"(SELECT "customer_id", COUNT(*), COUNT("discount"), COUNT(DISTINCT "total"), SUM("total"), MIN("total"), )"
      R"(MAX("total"), AVG("total") FROM "orders" WHERE "total" > ? GROUP BY "customer_id")");
}

TEST_F(SelectTextTest, JoinsNameColumnsWithTheirTables) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>()
                  .join<Customer>(orders::customer_id == customers::id && customers::active)
                  .filter(customers::name == "ada")
                  .order_by(orders::id)
                  .all();
            }),
            R"(SELECT "orders"."id", "orders"."customer_id", "orders"."total", "orders"."discount" FROM "orders" )"
            R"(JOIN "customers" ON "orders"."customer_id" = "customers"."id" AND "customers"."active" )"
            R"(WHERE "customers"."name" = ? ORDER BY "orders"."id")");
}

TEST_F(SelectTextTest, JoinsFollowEachOther) {
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Customer>()
                  .left_join<Order>(orders::customer_id == customers::id)
                  .join<Line>(lines::order_id == orders::id)
                  .select(customers::name, sql::nullable(orders::total), lines::article)
                  .all();
            }),
            R"(SELECT "customers"."name", "orders"."total", "lines"."article" FROM "customers" )"
            R"(LEFT JOIN "orders" ON "orders"."customer_id" = "customers"."id" )"
            R"(JOIN "lines" ON "lines"."order_id" = "orders"."id")");
}

TEST_F(SelectTextTest, ParametersAreBoundInTheOrderOfTheTextAndNotOfTheQuestion) {
  db.with([](sql::Session& session) {
    session.add(Customer{1, "ada", "Ulm", true});
    session.add(Order{7, 1, 100, {}});
    const auto rows = session.query<Order>()
                          .limit(3)
                          .filter(orders::total == 100)
                          .select(orders::total + 11)
                          .join<Customer>(orders::customer_id == customers::id && customers::name == "ada")
                          .all();
    EXPECT_THAT(rows, testing::ElementsAre(111));
  });
}

TEST_F(SelectTextTest, CountAsksForNoMoreThanItNeeds) {
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Customer>().count(); }),
            R"(SELECT COUNT(*) FROM "customers")");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Customer>().filter(customers::active).order_by(customers::name).count();
            }),
            R"(SELECT COUNT(*) FROM "customers" WHERE "active")");
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Customer>().limit(2).count(); }),
            R"(SELECT COUNT(*) FROM (SELECT 1 FROM "customers" LIMIT ?) AS counted)");
  EXPECT_EQ(sql_of([](sql::Session& session) {
              (void)session.query<Order>().group_by(orders::customer_id).select(orders::customer_id, count()).count();
            }),
            R"(SELECT COUNT(*) FROM (SELECT "customer_id" AS c1, COUNT(*) AS c2 FROM "orders" GROUP BY "customer_id") )"
            R"(AS counted)");
}

TEST_F(SelectTextTest, CountCountsTheRowsThatAllWouldGive) {
  db.with([](sql::Session& session) {
    for (int i = 1; i <= 6; ++i) session.add(Customer{i, std::to_string(i), i % 2 ? "Ulm" : "Bonn", i > 4});
    EXPECT_EQ(session.query<Customer>().count(), 6);
    EXPECT_EQ(session.query<Customer>().limit(4).count(), 4);
    EXPECT_EQ(session.query<Customer>().offset(4).count(), 2);
    EXPECT_EQ(session.query<Customer>().select(customers::city).distinct().count(), 2);
    EXPECT_EQ(session.query<Customer>().select(customers::city, customers::city).distinct().count(), 2);
    EXPECT_EQ(session.query<Customer>().distinct().count(), 6);
    EXPECT_EQ(session.query<Customer>().group_by(customers::city).select(customers::city).count(), 2);
    EXPECT_EQ(session.query<Customer>().select(count()).count(), 1);
    EXPECT_EQ(session.query<Customer>().filter(customers::id > 99).select(count()).count(), 1);
  });
}

TEST_F(SelectTextTest, ExistsIsTrueWhereAllWouldGiveARow) {
  EXPECT_EQ(sql_of([](sql::Session& session) { (void)session.query<Customer>().filter(customers::active).exists(); }),
            R"(SELECT EXISTS(SELECT 1 FROM "customers" WHERE "active"))");
  db.with([](sql::Session& session) {
    session.add(Customer{1, "ada", {}, true});
    EXPECT_TRUE(session.query<Customer>().exists());
    EXPECT_FALSE(session.query<Customer>().offset(1).exists());
    EXPECT_FALSE(session.query<Customer>().filter(customers::id == 2).exists());
    EXPECT_FALSE(session.query<Customer>().filter(customers::id == 2).group_by(customers::city).exists());
    EXPECT_TRUE(session.query<Customer>().filter(customers::id == 2).select(count()).exists());
  });
}

}  // namespace
}  // namespace core_lib::shop
