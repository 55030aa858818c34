// SPDX-License-Identifier: Apache-2.0
#include "sql/schema.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/decimal.hpp"
#include "core_lib/mapping/json.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

struct Everything {
  Uuid id;
  bool flag{};
  std::uint8_t small{};
  double real{};
  std::string text;
  std::vector<std::byte> bytes;
  std::chrono::sys_time<std::chrono::microseconds> at{};
  std::chrono::sys_days day{};
  Decimal price;
  Json extra;
  std::optional<std::int64_t> maybe;
};
struct Tree {
  std::int64_t id{};
  std::optional<std::int64_t> parent_id;
};
struct Hen {
  std::int64_t id{};
  std::int64_t egg_id{};
};
struct Egg {
  std::int64_t id{};
  std::int64_t hen_id{};
};
struct Quoted {
  int value{};
};
struct Wide {
  int a{};
  int b{};
  int c{};
};

}  // namespace
}  // namespace core_lib::shop

template <>
struct core_lib::Entity<core_lib::shop::Everything>
    : core_lib::entity<"everything", core_lib::key<&core_lib::shop::Everything::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Tree>
    : core_lib::entity<"trees", core_lib::key<&core_lib::shop::Tree::id>,
                       core_lib::references<&core_lib::shop::Tree::parent_id, &core_lib::shop::Tree::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Hen>
    : core_lib::entity<"hens", core_lib::key<&core_lib::shop::Hen::id>,
                       core_lib::references<&core_lib::shop::Hen::egg_id, &core_lib::shop::Egg::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Egg>
    : core_lib::entity<"eggs", core_lib::key<&core_lib::shop::Egg::id>,
                       core_lib::references<&core_lib::shop::Egg::hen_id, &core_lib::shop::Hen::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Quoted>
    : core_lib::entity<"a \"table\"; --", core_lib::named<&core_lib::shop::Quoted::value, "a \"column\"">> {};
template <>
struct core_lib::Entity<core_lib::shop::Wide>
    : core_lib::entity<"wide",
                       core_lib::named<&core_lib::shop::Wide::a,
                                       "a_name_of_a_column_that_is_as_long_as_may_be_\xC3\xA4\xC3\xA4\xC3\xA4">,
                       core_lib::index<&core_lib::shop::Wide::a, &core_lib::shop::Wide::b>,
                       core_lib::index<&core_lib::shop::Wide::a, &core_lib::shop::Wide::c>> {};

namespace core_lib::shop {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

template <class... Entities>
std::vector<std::string> statements() {
  const auto driver = sql::make_sqlite_driver();
  return sql::detail::create_statements(driver->dialect(), {&mapping::entity_table<Entities>()...});
}

TEST(SchemaTest, MakesReferencedTablesFirstAndIndexesBehindTheirTables) {
  EXPECT_THAT(
      (statements<Line, Order, Customer>()),
      ElementsAre(
          R"(CREATE TABLE IF NOT EXISTS "customers" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL, )"
          R"("city" TEXT, "active" BOOLEAN NOT NULL, UNIQUE ("name")))",
          R"(CREATE TABLE IF NOT EXISTS "orders" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, )"
          R"("customer_id" INTEGER NOT NULL, "total" INTEGER NOT NULL, "discount" REAL, )"
          R"(FOREIGN KEY ("customer_id") REFERENCES "customers" ("id")))",
          R"(CREATE INDEX IF NOT EXISTS "ix_orders_customer_id_total" ON "orders" ("customer_id", "total"))",
          R"(CREATE TABLE IF NOT EXISTS "lines" ("order_id" INTEGER NOT NULL, "position" INTEGER NOT NULL, )"
          R"("article" TEXT NOT NULL, PRIMARY KEY ("order_id", "position"), )"
          R"(FOREIGN KEY ("order_id") REFERENCES "orders" ("id")))"));
}

TEST(SchemaTest, NamesOfIndexesFitAndDifferWhereTheyAreCut) {
  const std::vector<std::string> made = statements<Wide>();
  ASSERT_EQ(made.size(), 3U);
  std::vector<std::string> names;
  for (const std::string& sql : {made[1], made[2]}) names.push_back(sql.substr(0, sql.find(" ON ")));
  EXPECT_THAT(names[0], StartsWith("CREATE INDEX IF NOT EXISTS \"ix_wide_a_name_of_a_column"));
  EXPECT_NE(names[0], names[1]);
  for (const std::string& name : names)
    EXPECT_LE(name.size() - std::string("CREATE INDEX IF NOT EXISTS \"\"").size(), 63U);
}

TEST(SchemaTest, KeepsTheOrderOfTablesThatDoNotReferToEachOther) {
  EXPECT_THAT((statements<Counter, Customer>()), ElementsAre(StartsWith(R"(CREATE TABLE IF NOT EXISTS "counters")"),
                                                             StartsWith(R"(CREATE TABLE IF NOT EXISTS "customers")")));
}

TEST(SchemaTest, EachKindHasItsType) {
  EXPECT_THAT((statements<Everything>()),
              ElementsAre(R"(CREATE TABLE IF NOT EXISTS "everything" ("id" TEXT NOT NULL, "flag" BOOLEAN NOT NULL, )"
                          R"("small" INTEGER NOT NULL, "real" REAL NOT NULL, "text" TEXT NOT NULL, )"
                          R"("bytes" BLOB NOT NULL, "at" TEXT NOT NULL, "day" TEXT NOT NULL, "price" TEXT NOT NULL, )"
                          R"("extra" TEXT NOT NULL, "maybe" INTEGER, PRIMARY KEY ("id")))"));
}

TEST(SchemaTest, ATableMayReferToItselfAndToOneThatIsNotAskedFor) {
  EXPECT_THAT((statements<Tree>()), ElementsAre(HasSubstr(R"(REFERENCES "trees" ("id"))")));
  EXPECT_THAT((statements<Line>()), ElementsAre(HasSubstr(R"(REFERENCES "orders" ("id"))")));
}

TEST(SchemaTest, ACircleIsRefusedNamingIt) {
  try {
    (void)statements<Customer, Hen, Egg>();
    FAIL() << "tables that cannot be made one after the other";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("circle: hens, eggs"), Not(HasSubstr("customers"))));
  }
}

TEST(SchemaTest, NamesAreQuoted) {
  EXPECT_THAT((statements<Quoted>()),
              ElementsAre(R"(CREATE TABLE IF NOT EXISTS "a ""table""; --" ("a ""column""" INTEGER NOT NULL))"));
}

}  // namespace
}  // namespace core_lib::shop
