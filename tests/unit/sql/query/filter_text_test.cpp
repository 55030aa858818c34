// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using testing::EndsWith;

class FilterTextTest : public ShopTest {
 protected:
  /// What stands behind WHERE for a condition on customers.
  template <class... Conditions>
  std::string where(const Conditions&... conditions) {
    return behind_where(
        sql_of([&](sql::Session& session) { (void)session.query<Customer>().filter(conditions...).all(); }));
  }
  template <class... Conditions>
  std::string where_order(const Conditions&... conditions) {
    return behind_where(
        sql_of([&](sql::Session& session) { (void)session.query<Order>().filter(conditions...).all(); }));
  }
  static std::string behind_where(const std::string& sql) {
    const std::size_t at = sql.find(" WHERE ");
    return at == std::string::npos ? "" : sql.substr(at + 7);
  }
};

TEST_F(FilterTextTest, ComparesWithBoundValues) {
  EXPECT_EQ(where(customers::id == 5), R"("id" = ?)");
  EXPECT_EQ(where(customers::id != 5), R"("id" <> ?)");
  EXPECT_EQ(where(customers::id < 5), R"("id" < ?)");
  EXPECT_EQ(where(customers::id <= 5), R"("id" <= ?)");
  EXPECT_EQ(where(customers::id > 5), R"("id" > ?)");
  EXPECT_EQ(where(customers::id >= 5), R"("id" >= ?)");
  EXPECT_EQ(where(customers::name == "'; DROP TABLE customers; --"), R"("name" = ?)");
}

TEST_F(FilterTextTest, AValueMayStandOnTheLeft) {
  EXPECT_EQ(where(5 < customers::id), R"(? < "id")");
  EXPECT_EQ(where(5 >= customers::id), R"(? >= "id")");
  EXPECT_EQ(where(5 == customers::id), R"("id" = ?)");
}

TEST_F(FilterTextTest, ComparesColumnsWithColumns) {
  EXPECT_EQ(where_order(orders::id == orders::customer_id), R"("id" = "customer_id")");
  EXPECT_EQ(where_order(orders::total > orders::id), R"("total" > "id")");
}

TEST_F(FilterTextTest, SeveralConditionsMustAllHold) {
  EXPECT_EQ(where(customers::id > 1, customers::active), R"("id" > ? AND "active")");
  const std::string sql = sql_of([](sql::Session& session) {
    (void)session.query<Customer>().filter(customers::id > 1).filter(customers::name == "x").all();
  });
  EXPECT_EQ(behind_where(sql), R"("id" > ? AND "name" = ?)");
}

TEST_F(FilterTextTest, ParenthesesStandWhereTheyAreNeeded) {
  const auto a = customers::id == 1;
  const auto b = customers::id == 2;
  const auto c = customers::active == true;
  EXPECT_EQ(where((a || b) && c), R"(("id" = ? OR "id" = ?) AND "active" = ?)");
  EXPECT_EQ(where(a || (b && c)), R"("id" = ? OR "id" = ? AND "active" = ?)");
  EXPECT_EQ(where(!(a || b)), R"(NOT ("id" = ? OR "id" = ?))");
  EXPECT_EQ(where(!a && b), R"(NOT "id" = ? AND "id" = ?)");
  EXPECT_EQ(where(!!a), R"(NOT (NOT "id" = ?))");
  EXPECT_EQ(where(!customers::active), R"(NOT "active")");
}

// A filter of several parts is joined by AND in the text, which must not loosen an OR of one part.
TEST_F(FilterTextTest, AnOrStaysTogetherBesideOtherFilters) {
  EXPECT_EQ(where(customers::id == 1 || customers::id == 2, customers::active),
            R"(("id" = ? OR "id" = ?) AND "active")");
  const std::string sql = sql_of([](sql::Session& session) {
    (void)session.query<Customer>().filter(customers::active).filter(customers::id == 1 || customers::id == 2).all();
  });
  EXPECT_EQ(behind_where(sql), R"("active" AND ("id" = ? OR "id" = ?))");
}

TEST_F(FilterTextTest, CalculatesWithItsOwnPrecedence) {
  EXPECT_EQ(where_order(orders::total + 1 == 5), R"("total" + ? = ?)");
  EXPECT_EQ(where_order((orders::total + 1) * 2 == 5), R"(("total" + ?) * ? = ?)");
  EXPECT_EQ(where_order(orders::total - (orders::id - 1) == 5), R"("total" - ("id" - ?) = ?)");
  EXPECT_EQ(where_order(orders::total / (orders::id / 2) > 1), R"("total" / ("id" / ?) > ?)");
  EXPECT_EQ(where_order(10 - orders::total == 5), R"(? - "total" = ?)");
}

TEST_F(FilterTextTest, NullIsAskedForInItsOwnWords) {
  EXPECT_EQ(where(customers::city == std::nullopt), R"("city" IS NULL)");
  EXPECT_EQ(where(customers::city != std::nullopt), R"("city" IS NOT NULL)");
  EXPECT_EQ(where(customers::city == std::optional<std::string>()), R"("city" IS NULL)");
  EXPECT_EQ(where(customers::city != std::optional<std::string>()), R"("city" IS NOT NULL)");
  EXPECT_EQ(where(customers::city == std::optional<std::string>("Ulm")), R"("city" = ?)");
  EXPECT_EQ(where(customers::city.is_null()), R"("city" IS NULL)");
  EXPECT_EQ(where(customers::city.is_not_null()), R"("city" IS NOT NULL)");
  EXPECT_EQ(where_order(orders::discount == std::nullopt || orders::total == 1),
            R"("discount" IS NULL OR "total" = ?)");
}

TEST_F(FilterTextTest, LikeEscapesWhatIsMeantAsItIs) {
  EXPECT_EQ(where(customers::name.like("a%")), R"("name" LIKE ? ESCAPE '!')");
  EXPECT_EQ(where(customers::city.starts_with("U")), R"("city" LIKE ? ESCAPE '!')");
  EXPECT_EQ(where(!customers::name.contains("x")), R"(NOT "name" LIKE ? ESCAPE '!')");
  EXPECT_EQ(sql::detail::like_pattern("%", "100%_!a", "%"), "%100!%!_!!a%");
  EXPECT_EQ(sql::detail::like_pattern("", "", ""), "");
}

TEST_F(FilterTextTest, InHasAFewLengthsForAll) {
  EXPECT_EQ(where(customers::id.in({1})), R"("id" IN (?))");
  EXPECT_EQ(where(customers::id.in({1, 2, 3})), R"("id" IN (?, ?, ?, ?))");
  EXPECT_EQ(where(customers::id.in(std::vector<std::int64_t>{1, 2, 3, 4})), R"("id" IN (?, ?, ?, ?))");
  EXPECT_EQ(where(customers::name.in({"a", "b"})), R"("name" IN (?, ?))");
  EXPECT_EQ(where(customers::id.not_in({1, 2})), R"("id" NOT IN (?, ?))");
}

TEST_F(FilterTextTest, InNothingIsNeverTrue) {
  EXPECT_EQ(where(customers::id.in(std::vector<std::int64_t>())), "1 = 0");
  EXPECT_EQ(where(customers::id.not_in(std::vector<std::int64_t>())), "1 = 1");
  EXPECT_EQ(where(!customers::id.in(std::vector<std::int64_t>()), customers::active), R"(NOT 1 = 0 AND "active")");
}

TEST_F(FilterTextTest, ALongListIsNotPaddedAndAnEndlessOneIsOneValue) {
  const std::string text = where(customers::id.in(std::vector<std::int64_t>(1500, 7)));
  EXPECT_EQ(std::count(text.begin(), text.end(), '?'), 1500);
  const std::vector<std::int64_t> endless(70'000, 7);
  EXPECT_EQ(where(customers::id.in(endless)), R"("id" IN (SELECT value FROM json_each(?)))");
  EXPECT_EQ(where(customers::id.not_in(endless)), R"("id" NOT IN (SELECT value FROM json_each(?)))");
}

TEST_F(FilterTextTest, BetweenIncludesBothEnds) {
  EXPECT_EQ(where(customers::id.between(1, 5)), R"("id" BETWEEN ? AND ?)");
  EXPECT_EQ(where(customers::id.between(1, 5) && customers::active), R"("id" BETWEEN ? AND ? AND "active")");
  EXPECT_EQ(where_order(orders::total.between(orders::id, 5)), R"("total" BETWEEN "id" AND ?)");
}

TEST_F(FilterTextTest, FunctionsOverColumns) {
  EXPECT_EQ(where(sql::lower(customers::name) == "ada"), R"(LOWER("name") = ?)");
  EXPECT_EQ(where(sql::upper(customers::city) == sql::upper(customers::name)), R"(UPPER("city") = UPPER("name"))");
}

TEST_F(FilterTextTest, AConditionMayBeKeptAndUsedAgain) {
  const auto condition = customers::id == 5 && customers::name == "ada";
  EXPECT_EQ(where(condition), R"("id" = ? AND "name" = ?)");
  EXPECT_EQ(where(condition), R"("id" = ? AND "name" = ?)");
  EXPECT_EQ(where(condition || condition), R"("id" = ? AND "name" = ? OR "id" = ? AND "name" = ?)");
}

TEST_F(FilterTextTest, AQueryMayGrowStepByStep) {
  const std::string sql = sql_of([](sql::Session& session) {
    auto query = session.query<Customer>();
    query.filter(customers::id > 1);
    query.filter(customers::active);
    (void)std::move(query).all();
  });
  EXPECT_THAT(sql, EndsWith(R"( WHERE "id" > ? AND "active")"));
}

}  // namespace
}  // namespace core_lib::shop
