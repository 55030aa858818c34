// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using support::caught;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SqliteWriteTest : public ShopTest {
 protected:
  std::vector<Customer> all() {
    return db.with([](sql::Session& session) { return session.query<Customer>().order_by(customers::id).all(); });
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const Customer& customer : all()) names.push_back(customer.name);
    return names;
  }
};

TEST_F(SqliteWriteTest, AddFillsInAKeyThatTheDatabaseMakes) {
  db.with([](sql::Session& session) {
    Customer ada{0, "Ada", "Ulm", true};
    session.add(ada);
    EXPECT_EQ(ada.id, 1);
    EXPECT_EQ(session.add(Customer{0, "Grace", {}, false}).id, 2);
    const Customer constant{0, "Mary", {}, false};
    EXPECT_EQ(session.add(constant).id, 3);
    EXPECT_EQ(constant.id, 0);
    Customer variable{0, "Joan", {}, false};
    EXPECT_EQ(&session.add(variable), &variable);
    EXPECT_EQ(variable.id, 4);
  });
  const auto stored = all();
  ASSERT_EQ(stored.size(), 4U);
  EXPECT_EQ(stored[0].city, "Ulm");
  EXPECT_EQ(stored[2].id, 3);
}

TEST_F(SqliteWriteTest, AddKeepsAKeyThatIsGiven) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  db.with([](sql::Session& session) {
    session.add(Customer{-5, "negative", {}, true});
    session.add(Customer{largest, "largest", {}, true});
  });
  EXPECT_EQ(all().front().id, -5);
  EXPECT_EQ(all().back().id, largest);
}

TEST_F(SqliteWriteTest, AKeyIsNeverGivenTwice) {
  db.with([](sql::Session& session) { session.add(Customer{0, "Ada", {}, true}); });
  db.with([](sql::Session& session) { session.query<Customer>().filter(customers::id == 1).remove(); });
  EXPECT_EQ(db.with([](sql::Session& session) { return session.add(Customer{0, "Grace", {}, true}).id; }), 2);
}

TEST_F(SqliteWriteTest, AddAllStoresNoneOneAndMany) {
  for (const std::size_t count : {0U, 1U, 2U, 127U, 128U, 129U, 1'000U}) {
    db.with([&](sql::Session& session) {
      session.query<Customer>().all_rows().remove();
      std::vector<Customer> rows;
      for (std::size_t i = 0; i < count; ++i) rows.push_back({0, "customer " + std::to_string(i), {}, true});
      EXPECT_EQ(session.add_all(rows), count);
      EXPECT_EQ(session.query<Customer>().count(), static_cast<std::int64_t>(count));
      EXPECT_EQ(session.query<Customer>().select(customers::name).distinct().count(), static_cast<std::int64_t>(count));
    });
  }
}

TEST_F(SqliteWriteTest, AddAllTakesRowsWithAndWithoutKeys) {
  db.with([](sql::Session& session) {
    const Customer rows[] = {{0, "a", {}, true}, {7, "b", {}, true}, {0, "c", {}, true}, {3, "d", {}, true}};
    EXPECT_EQ(session.add_all(rows), 4U);
  });
  EXPECT_THAT(names(), ElementsAre("a", "d", "b", "c"));
}

TEST_F(SqliteWriteTest, AddAllStoresAllOrNothing) {
  EXPECT_THROW(db.with([](sql::Session& session) {
    std::vector<Customer> rows;
    for (int i = 0; i < 300; ++i)
      rows.push_back({0, i == 299 ? "customer 0" : "customer " + std::to_string(i), {}, true});
    session.add_all(rows);
  }),
               UniqueViolation);
  EXPECT_TRUE(all().empty());
}

TEST_F(SqliteWriteTest, SaveWritesEveryFieldOfARowThatIsThere) {
  db.with([](sql::Session& session) { session.add(Customer{1, "Ada", "Ulm", true}); });
  db.with([](sql::Session& session) { session.save(Customer{1, "Ada Lovelace", {}, false}); });
  const Customer ada = all().at(0);
  EXPECT_EQ(ada.name, "Ada Lovelace");
  EXPECT_EQ(ada.city, std::nullopt);
  EXPECT_FALSE(ada.active);
}

TEST_F(SqliteWriteTest, SaveOfARowThatIsNotThereStoresNothing) {
  const auto error = caught<NotFoundError>(
      [&] { return db.with([](sql::Session& session) { session.save(Customer{4711, "nobody", {}, true}); }), 0; });
  EXPECT_THAT(error.what(), AllOf(HasSubstr("save() found no row of customers"), Not(HasSubstr("4711"))));
  EXPECT_TRUE(all().empty());
}

TEST_F(SqliteWriteTest, UpdateTellsHowManyRowsMatched) {
  db.with([](sql::Session& session) {
    session.add_all(std::vector<Customer>{{1, "a", {}, true}, {2, "b", {}, true}, {3, "c", {}, false}});
    EXPECT_EQ(session.query<Customer>().filter(customers::active).update(customers::city = "Ulm"), 2U);
    EXPECT_EQ(session.query<Customer>().filter(customers::active).update(customers::city = "Ulm"), 2U);
    EXPECT_EQ(session.query<Customer>().filter(customers::id > 99).update(customers::city = "Ulm"), 0U);
    EXPECT_EQ(session.query<Customer>().all_rows().update(customers::active = false), 3U);
  });
}

TEST_F(SqliteWriteTest, UpdateCalculatesFromTheRowItself) {
  db.with([](sql::Session& session) {
    session.add(Customer{1, "a", {}, true});
    session.add(Order{1, 1, 10, {}});
    session.add(Order{2, 1, 20, 0.5});
    session.query<Order>().all_rows().update(orders::total = orders::total * 2 + 1, orders::discount = std::nullopt);
    const auto stored = session.query<Order>().order_by(orders::id).all();
    EXPECT_EQ(stored[0].total, 21);
    EXPECT_EQ(stored[1].total, 41);
    EXPECT_EQ(stored[1].discount, std::nullopt);
  });
}

TEST_F(SqliteWriteTest, RemoveTellsHowManyRowsWereThere) {
  db.with([](sql::Session& session) {
    session.add_all(std::vector<Customer>{{1, "a", {}, true}, {2, "b", {}, true}, {3, "c", {}, false}});
    EXPECT_EQ(session.query<Customer>().filter(customers::id == 2).remove(), 1U);
    EXPECT_EQ(session.query<Customer>().filter(customers::id == 2).remove(), 0U);
    EXPECT_EQ(session.query<Customer>().all_rows().remove(), 2U);
    EXPECT_EQ(session.query<Customer>().all_rows().remove(), 0U);
  });
}

TEST_F(SqliteWriteTest, RowsMatchedDoNotCountThoseOfAnEarlierStatement) {
  db.with([](sql::Session& session) {
    session.add_all(std::vector<Customer>{{1, "a", {}, true}, {2, "b", {}, true}});
    EXPECT_EQ(session.execute("CREATE TABLE extra (id INTEGER)").rows_matched(), 0U);
    EXPECT_EQ(session.execute("UPDATE extra SET id = 1").rows_matched(), 0U);
    EXPECT_EQ(session.execute("INSERT INTO extra VALUES (1), (2), (3)").rows_matched(), 3U);
    EXPECT_EQ(session.execute("SELECT * FROM extra").rows_matched(), 0U);
    EXPECT_EQ(session.execute("UPDATE extra SET id = id + 1 WHERE id > ? RETURNING id", 1).rows_matched(), 2U);
  });
}

}  // namespace
}  // namespace core_lib::shop
