// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using support::caught;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Figures {
  std::string city;
  std::int64_t how_many{};
  std::optional<double> average;
};

class SqliteResultTest : public ShopTest {
 protected:
  template <class... Arguments>
  sql::Result run(const char* sql, const Arguments&... arguments) {
    return db.with([&](sql::Session& session) { return session.execute(sql, arguments...); });
  }
};

TEST_F(SqliteResultTest, LeavesItsScopeWithAllRows) {
  const sql::Result result = run("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y' ORDER BY 1");
  EXPECT_EQ(result.size(), 2U);
  EXPECT_FALSE(result.empty());
  EXPECT_THAT(result.columns(), ElementsAre("a", "b"));
  EXPECT_EQ(result[1].get<int>("a"), 2);
  EXPECT_EQ(result[1].get<std::string>(1U), "y");
  EXPECT_EQ(result[0].get<std::optional<std::string>>("b"), "x");
}

TEST_F(SqliteResultTest, MayBeEmptyAndStillKnowsItsColumns) {
  const sql::Result none = run("SELECT id, name FROM customers");
  EXPECT_TRUE(none.empty());
  EXPECT_THAT(none.columns(), ElementsAre("id", "name"));
  EXPECT_THAT(run("CREATE TABLE t (id INTEGER)").columns(), IsEmpty());
}

TEST_F(SqliteResultTest, KeepsTextOfEverySize) {
  const std::string large(50'000, 'x');
  const sql::Result result = run("SELECT ?, ?, ?, ''", large, "small", large);
  const sql::Result moved = [&] {
    sql::Result copy = run("SELECT ?", large);
    return copy;
  }();
  EXPECT_EQ(result[0].get<std::string>(0U), large);
  EXPECT_EQ(result[0].get<std::string>(1U), "small");
  EXPECT_EQ(result[0].get<std::string>(2U), large);
  EXPECT_EQ(result[0].get<std::string>(3U), "");
  EXPECT_EQ(moved.scalar<std::string>(), large);
}

TEST_F(SqliteResultTest, KeepsManyRows) {
  const sql::Result result = run(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999) SELECT i, 'text ' || i FROM n");
  ASSERT_EQ(result.size(), 10'000U);
  for (std::size_t i = 0; i < result.size(); ++i) {
    ASSERT_EQ(result[i].get<std::size_t>(0U), i);
    ASSERT_EQ(result[i].get<std::string>(1U), "text " + std::to_string(i));
  }
}

TEST_F(SqliteResultTest, RowsBecomePlainStructsByTheNamesOfColumns) {
  db.with([](sql::Session& session) {
    session.add_all(std::vector<Customer>{{1, "a", "Ulm", true}, {2, "b", "Ulm", true}, {3, "c", "Bonn", true}});
  });
  const auto figures =
      run("SELECT NULL AS average, COUNT(*) AS how_many, city FROM customers GROUP BY city ORDER BY city")
          .as<Figures>();
  ASSERT_EQ(figures.size(), 2U);
  EXPECT_EQ(figures[0].city, "Bonn");
  EXPECT_EQ(figures[1].how_many, 2);
  EXPECT_EQ(figures[1].average, std::nullopt);
}

TEST_F(SqliteResultTest, EntitiesAreReadTheSameWay) {
  db.with([](sql::Session& session) { session.add(Customer{1, "a", "Ulm", true}); });
  const auto all = run("SELECT * FROM customers").as<Customer>();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].city, "Ulm");
}

TEST_F(SqliteResultTest, AnUnknownColumnIsRefusedNamingThoseThatAreThere) {
  const sql::Result result = run("SELECT 1 AS a, 2 AS b");
  const auto error = caught<UsageError>([&] { return result[0].get<int>("c"); });
  EXPECT_THAT(error.what(), HasSubstr("the result has no column 'c'; it has: a, b"));
  EXPECT_THAT(caught<UsageError>([&] { return result[0].get<int>(2U); }).what(), HasSubstr("no column 2; it has 2"));
  EXPECT_THAT(caught<UsageError>([&] { return result.as<Figures>(); }).what(), HasSubstr("no column 'city'"));
}

TEST_F(SqliteResultTest, ARowBeyondTheEndIsRefused) {
  const sql::Result result = run("SELECT 1");
  EXPECT_THAT(caught<UsageError>([&] { return result[1].get<int>(0U); }).what(),
              HasSubstr("cannot read row 1 of a result with 1 rows"));
}

TEST_F(SqliteResultTest, AScalarNeedsARow) {
  EXPECT_EQ(run("SELECT COUNT(*) FROM customers").scalar<int>(), 0);
  EXPECT_THAT(caught<NotFoundError>([&] { return run("SELECT id FROM customers").scalar<int>(); }).what(),
              HasSubstr("gave no row"));
}

TEST_F(SqliteResultTest, AValueThatDoesNotFitIsNamedByItsColumnAndNotShown) {
  const sql::Result result = run("SELECT 'secret' AS a, NULL AS b");
  EXPECT_THAT(caught<ConversionError>([&] { return result[0].get<int>("a"); }).what(),
              AllOf(HasSubstr("column 'a'"), HasSubstr("not from text"), Not(HasSubstr("secret"))));
  EXPECT_THAT(caught<ConversionError>([&] { return result[0].get<int>("b"); }).what(),
              AllOf(HasSubstr("column 'b'"), HasSubstr("a std::optional takes it")));
  EXPECT_EQ(result[0].get<std::optional<int>>("b"), std::nullopt);
}

}  // namespace
}  // namespace core_lib::shop
