// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/mapping/uuid.hpp"

#include "support/caught.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib {
namespace {

struct Shop {
  std::string code;
  std::string name;
};
struct Order {
  Uuid id;
  std::string shop;
  std::optional<std::string> note;
};
/// Names that are words of SQL, and one that would end its quotes.
struct Select {
  std::int64_t from{};
  std::string order;
};
struct Counter {
  std::int64_t id{};
};

}  // namespace

template <>
struct Entity<Shop> : entity<"shops", key<&Shop::code>, index<&Shop::name>> {};
template <>
struct Entity<Order> : entity<"orders", key<&Order::id>, references<&Order::shop, &Shop::code>> {};
template <>
struct Entity<Select> : entity<"sel`ect", key<&Select::from>> {};
template <>
struct Entity<Counter> : entity<"counters", key<&Counter::id>> {};

namespace {

using support::caught;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class MariadbSchema : public testing::Test {
 protected:
  support::MariadbDatabase database;
  std::unique_ptr<SqlConnectionRegistry> db = database.open();
};

TEST_F(MariadbSchema, KeysIndexesAndReferencesMayBeText) {
  db->create_db<Order, Shop>();
  db->create_db<Order, Shop>();
  const Uuid id = Uuid::random();
  db->with([&](sql::Session& session) {
    session.add(Shop{"a", "first"});
    session.add(Shop{"A", "another"});
    session.add(Order{id, "a", std::string(70'000, 'n')});
  });
  EXPECT_EQ(db->with([&](sql::Session& session) { return session.query<Order>().get_one(id).note->size(); }), 70'000U);
  EXPECT_THAT(caught<ConstraintViolation>([&] {
                db->with([](sql::Session& session) { session.add(Order{Uuid::random(), "secret", {}}); });
              }).what(),
              AllOf(HasSubstr("foreign key"), HasSubstr("shops"), testing::Not(HasSubstr("secret"))));
  EXPECT_THAT(caught<ConversionError>([&] {
                db->with([](sql::Session& s) { s.add(Shop{std::string(256, 'x'), ""}); });
              }).what(),
              HasSubstr("code"));
}

TEST_F(MariadbSchema, AnyNameIsQuoted) {
  db->create_db<Select>();
  db->with([](sql::Session& session) {
    session.add(Select{0, "first"});
    EXPECT_THAT(session.query<Select>().order_by(desc(col<&Select::from>)).select(col<&Select::order>).all(),
                ElementsAre("first"));
  });
}

TEST_F(MariadbSchema, ARowOfNothingButItsKeyIsInserted) {
  db->create_db<Counter>();
  db->with([](sql::Session& session) {
    EXPECT_EQ(session.add(Counter{}).id, 1);
    EXPECT_EQ(session.add(Counter{}).id, 2);
    session.add_all(std::vector<Counter>(3));
    EXPECT_EQ(session.query<Counter>().count(), 5);
  });
}

TEST_F(MariadbSchema, AnOffsetWithoutALimitIsFine) {
  db->create_db<Counter>();
  db->with([](sql::Session& session) {
    session.add_all(std::vector<Counter>{{10}, {20}, {30}});
    EXPECT_EQ(session.query<Counter>().order_by(col<&Counter::id>).offset(1).all().size(), 2U);
    EXPECT_EQ(session.query<Counter>().order_by(col<&Counter::id>).limit(1).offset(1).all().at(0).id, 20);
  });
}

}  // namespace
}  // namespace core_lib
