// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::shop {

struct Hen {
  std::int64_t id{};
  std::int64_t egg_id{};
};
struct Egg {
  std::int64_t id{};
  std::int64_t hen_id{};
};

}  // namespace core_lib::shop

template <>
struct core_lib::Entity<core_lib::shop::Hen>
    : core_lib::entity<"hens", core_lib::key<&core_lib::shop::Hen::id>,
                       core_lib::references<&core_lib::shop::Hen::egg_id, &core_lib::shop::Egg::id>> {};
template <>
struct core_lib::Entity<core_lib::shop::Egg>
    : core_lib::entity<"eggs", core_lib::key<&core_lib::shop::Egg::id>,
                       core_lib::references<&core_lib::shop::Egg::hen_id, &core_lib::shop::Hen::id>> {};

namespace core_lib::shop {
namespace {

using support::caught;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SqliteCreateDbTest : public testing::Test {
 protected:
  std::vector<std::string> made(const char* type) {
    const sql::Result result =
        db.execute("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' ORDER BY rowid", type);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < result.size(); ++i) names.push_back(result[i].get<std::string>(0U));
    return names;
  }

  SqlConnectionRegistry db{sql::make_sqlite_driver()};
};

TEST_F(SqliteCreateDbTest, MakesReferencedTablesFirst) {
  db.create_db<Line, Order, Customer>();
  EXPECT_THAT(made("table"), ElementsAre("customers", "orders", "lines"));
  EXPECT_THAT(made("index"), ElementsAre("ix_orders_customer_id_total"));
}

TEST_F(SqliteCreateDbTest, ASecondTimeChangesNothing) {
  db.create_db<Customer, Order, Line>();
  db.with([](sql::Session& session) { session.add(Customer{1, "ada", {}, true}); });
  db.create_db<Line, Order, Customer>();
  db.create_db<Customer>();
  EXPECT_EQ(db.with([](sql::Session& session) { return session.query<Customer>().get_one(1).name; }), "ada");
}

TEST_F(SqliteCreateDbTest, NeverAltersATableThatIsThere) {
  (void)db.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT)");
  (void)db.execute("INSERT INTO customers VALUES (7, 'ada')");
  db.create_db<Customer, Order>();
  EXPECT_EQ(db.execute("SELECT COUNT(*) FROM pragma_table_info('customers')").scalar<int>(), 2);
  EXPECT_EQ(db.execute("SELECT id FROM customers").scalar<int>(), 7);
  EXPECT_THAT(caught<SyntaxError>([&] {
                return db.with([](sql::Session& session) { return session.query<Customer>().all(); });
              }).what(),
              HasSubstr("no such column: city"));
}

TEST_F(SqliteCreateDbTest, ACircleMakesNothing) {
  EXPECT_THAT(caught<UsageError>([&] { return db.create_db<Customer, Hen, Egg>(), 0; }).what(),
              HasSubstr("circle: hens, eggs"));
  EXPECT_THAT(made("table"), IsEmpty());
}

TEST_F(SqliteCreateDbTest, KeysAndConstraintsAreThoseOfTheEntity) {
  db.create_db<Customer, Order, Line>();
  db.with([](sql::Session& session) {
    session.add(Customer{1, "ada", {}, true});
    session.add(Order{1, 1, 5, {}});
    session.add(Line{1, 1, "nail"});
    session.add(Line{1, 2, "nail"});
  });
  EXPECT_THROW(db.with([](sql::Session& session) { session.add(Line{1, 2, "screw"}); }), UniqueViolation);
  EXPECT_THROW(db.with([](sql::Session& session) { session.add(Customer{0, "ada", {}, true}); }), UniqueViolation);
  EXPECT_THROW(db.with([](sql::Session& session) { session.add(Line{2, 1, "screw"}); }), ConstraintViolation);
}

TEST_F(SqliteCreateDbTest, DoesNothingWhereTheConfigurationSaysSo) {
  SqlConnectionRegistry looked_after(sql::make_sqlite_driver(), {.create_db = false});
  looked_after.create_db<Customer>();
  EXPECT_EQ(looked_after.execute("SELECT COUNT(*) FROM sqlite_schema").scalar<int>(), 0);
}

TEST_F(SqliteCreateDbTest, TwoRegistriesMayBothAsk) {
  const TemporaryFolder folder;
  const std::string file = folder.path() + "/shop.db";
  SqlConnectionRegistry first(sql::make_sqlite_driver({.file = file}));
  SqlConnectionRegistry second(sql::make_sqlite_driver({.file = file}));
  first.create_db<Customer>();
  second.create_db<Customer>();
  first.with([](sql::Session& session) { session.add(Customer{0, "ada", {}, true}); });
  EXPECT_EQ(second.with([](sql::Session& session) { return session.query<Customer>().count(); }), 1);
}

}  // namespace
}  // namespace core_lib::shop
