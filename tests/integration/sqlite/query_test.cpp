// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "support/caught.hpp"
#include "support/shop.hpp"

namespace core_lib::shop {
namespace {

using sql::avg;
using sql::count;
using sql::max;
using sql::min;
using sql::nullable;
using sql::sum;
using support::caught;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class SqliteQueryTest : public ShopTest {
 protected:
  SqliteQueryTest() {
    db.with([](sql::Session& session) {
      session.add_all(std::vector<Customer>{{1, "Ada", "Ulm", true},
                                            {2, "Grace", "Bonn", true},
                                            {3, "Mary", {}, false},
                                            {4, "100%_sure!", "Ulm", false}});
      session.add_all(std::vector<Order>{{10, 1, 500, 0.1}, {11, 1, 300, {}}, {12, 2, 900, 0.25}});
      session.add_all(std::vector<Line>{{10, 1, "nail"}, {10, 2, "screw"}, {12, 1, "nail"}});
    });
  }
  template <class Ask>
  auto ask(Ask question) {
    return db.with({.access = read_only}, question);
  }
  template <class... Conditions>
  std::vector<std::int64_t> ids(const Conditions&... conditions) {
    return ask([&](sql::Session& session) {
      return session.query<Customer>().filter(conditions...).order_by(customers::id).select(customers::id).all();
    });
  }
};

TEST_F(SqliteQueryTest, GetFindsByKey) {
  const auto ada = ask([](sql::Session& session) { return session.query<Customer>().get(1); });
  ASSERT_TRUE(ada);
  EXPECT_EQ(ada->name, "Ada");
  EXPECT_EQ(ada->city, "Ulm");
  EXPECT_TRUE(ada->active);
  EXPECT_FALSE(ask([](sql::Session& session) { return session.query<Customer>().get(99); }));
  EXPECT_FALSE(ask([](sql::Session& session) { return session.query<Customer>().get(-1); }));
}

TEST_F(SqliteQueryTest, GetTakesTheValuesOfACompositeKeyInItsOrder) {
  const auto line = ask([](sql::Session& session) { return session.query<Line>().get(10, 2); });
  ASSERT_TRUE(line);
  EXPECT_EQ(line->article, "screw");
  EXPECT_FALSE(ask([](sql::Session& session) { return session.query<Line>().get(2, 10); }));
}

TEST_F(SqliteQueryTest, GetOneSaysWhatIsMissing) {
  EXPECT_EQ(ask([](sql::Session& session) { return session.query<Customer>().get_one(2); }).name, "Grace");
  const auto error = caught<NotFoundError>(
      [&] { return ask([](sql::Session& session) { return session.query<Customer>().get_one(4711); }); });
  EXPECT_EQ(error.status_code(), 404);
  EXPECT_THAT(error.what(), HasSubstr("get_one() found no row of customers"));
  EXPECT_THAT(error.what(), Not(HasSubstr("4711")));
}

TEST_F(SqliteQueryTest, FiltersKeepWhatTheyShould) {
  EXPECT_THAT(ids(customers::active), ElementsAre(1, 2));
  EXPECT_THAT(ids(!customers::active), ElementsAre(3, 4));
  EXPECT_THAT(ids(customers::id > 1, customers::id <= 3), ElementsAre(2, 3));
  EXPECT_THAT(ids(customers::id == 1 || customers::id == 3), ElementsAre(1, 3));
  EXPECT_THAT(ids(customers::id == 1 || customers::id == 3, customers::active), ElementsAre(1));
  EXPECT_THAT(ids(customers::id.between(2, 3)), ElementsAre(2, 3));
  EXPECT_THAT(ids(customers::name == "Ada"), ElementsAre(1));
  EXPECT_THAT(ids(customers::name != "Ada"), ElementsAre(2, 3, 4));
}

TEST_F(SqliteQueryTest, NullIsNeitherEqualNorDifferentButAskedFor) {
  EXPECT_THAT(ids(customers::city == std::nullopt), ElementsAre(3));
  EXPECT_THAT(ids(customers::city != std::nullopt), ElementsAre(1, 2, 4));
  EXPECT_THAT(ids(customers::city == "Ulm"), ElementsAre(1, 4));
  EXPECT_THAT(ids(customers::city != "Ulm"), ElementsAre(2));
}

TEST_F(SqliteQueryTest, ListsOfAnyLength) {
  EXPECT_THAT(ids(customers::id.in({1, 3, 99})), ElementsAre(1, 3));
  EXPECT_THAT(ids(customers::id.not_in({1, 3})), ElementsAre(2, 4));
  EXPECT_THAT(ids(customers::id.in(std::vector<std::int64_t>())), IsEmpty());
  EXPECT_THAT(ids(customers::id.not_in(std::vector<std::int64_t>())), ElementsAre(1, 2, 3, 4));
  std::vector<std::int64_t> many(2'000, -1);
  many.push_back(2);
  EXPECT_THAT(ids(customers::id.in(many)), ElementsAre(2));
  EXPECT_THAT(ids(customers::name.in({"Ada", "Mary"})), ElementsAre(1, 3));
  std::vector<std::int64_t> more(70'000, 99);
  more.back() = 3;
  EXPECT_THAT(ids(customers::id.in(more)), ElementsAre(3));
  EXPECT_THAT(ids(customers::id.not_in(more)), ElementsAre(1, 2, 4));
  EXPECT_THAT(ids(customers::name.in(std::vector<std::string>(40'000, "Ada"))), ElementsAre(1));
}

TEST_F(SqliteQueryTest, TextIsFoundAsItIsWritten) {
  EXPECT_THAT(ids(customers::name.contains("%_")), ElementsAre(4));
  EXPECT_THAT(ids(customers::name.contains("!")), ElementsAre(4));
  EXPECT_THAT(ids(customers::name.starts_with("100%")), ElementsAre(4));
  EXPECT_THAT(ids(customers::name.ends_with("sure!")), ElementsAre(4));
  EXPECT_THAT(ids(customers::name.like("%a%")), ElementsAre(1, 2, 3));
  EXPECT_THAT(ids(customers::name.like("_da")), ElementsAre(1));
  EXPECT_THAT(ids(customers::name == "' OR 1 = 1 --"), IsEmpty());
}

TEST_F(SqliteQueryTest, SortsLimitsAndSkips) {
  const auto names = [&](auto&&... order) {
    return ask([&](sql::Session& session) {
      return session.query<Customer>().order_by(order...).limit(2).offset(1).select(customers::name).all();
    });
  };
  EXPECT_THAT(names(customers::name), ElementsAre("Ada", "Grace"));
  EXPECT_THAT(names(desc(customers::id)), ElementsAre("Mary", "Grace"));
  EXPECT_THAT(names(customers::city, desc(customers::id)), ElementsAre("Grace", "100%_sure!"));
  EXPECT_THAT(ask([](sql::Session& session) { return session.query<Customer>().limit(0).all(); }), IsEmpty());
  EXPECT_EQ(ask([](sql::Session& session) { return session.query<Customer>().offset(3).all(); }).size(), 1U);
  EXPECT_THAT(ask([](sql::Session& session) { return session.query<Customer>().offset(99).all(); }), IsEmpty());
}

TEST_F(SqliteQueryTest, FirstTakesOneOfSeveralOrNothing) {
  const auto first =
      ask([](sql::Session& session) { return session.query<Customer>().order_by(desc(customers::id)).first(); });
  ASSERT_TRUE(first);
  EXPECT_EQ(first->id, 4);
  EXPECT_FALSE(ask([](sql::Session& session) { return session.query<Customer>().filter(customers::id > 99).first(); }));
}

TEST_F(SqliteQueryTest, OneTakesTheOnlyOne) {
  const auto one = [&](const auto& condition) {
    return ask([&](sql::Session& session) { return session.query<Customer>().filter(condition).one(); });
  };
  EXPECT_EQ(one(customers::name == "Mary").id, 3);
  EXPECT_THAT(caught<NotFoundError>([&] { return one(customers::id == 99); }).what(),
              HasSubstr("one() found no row of customers"));
  EXPECT_THAT(caught<UsageError>([&] { return one(customers::city == "Ulm"); }).what(),
              HasSubstr("one() found more than one row of customers; narrow the filter, or use first() or all()"));
}

TEST_F(SqliteQueryTest, NotFoundAndTooManyDoNotSpoilTheScope) {
  db.with([](sql::Session& session) {
    EXPECT_THROW((void)session.query<Customer>().get_one(99), NotFoundError);
    EXPECT_THROW((void)session.query<Customer>().filter(customers::city == "Ulm").one(), UsageError);
    session.add(Customer{5, "Joan", {}, true});
  });
  EXPECT_THAT(ids(customers::id == 5), ElementsAre(5));
}

TEST_F(SqliteQueryTest, JoinsPairRows) {
  using Row = std::tuple<std::string, std::int32_t>;
  const auto rows = ask([](sql::Session& session) {
    return session.query<Customer>()
        .join<Order>(orders::customer_id == customers::id)
        .select(customers::name, orders::total)
        .order_by(orders::id)
        .all();
  });
  EXPECT_THAT(rows, ElementsAre(Row("Ada", 500), Row("Ada", 300), Row("Grace", 900)));
}

TEST_F(SqliteQueryTest, ALeftJoinKeepsRowsWithoutAPartner) {
  using Row = std::tuple<std::string, std::optional<std::int32_t>>;
  const auto rows = ask([](sql::Session& session) {
    return session.query<Customer>()
        .left_join<Order>(orders::customer_id == customers::id && orders::total > 400)
        .filter(customers::id < 4)
        .select(customers::name, nullable(orders::total))
        .order_by(customers::id)
        .all();
  });
  EXPECT_THAT(rows, ElementsAre(Row("Ada", 500), Row("Grace", 900), Row("Mary", std::nullopt)));
}

TEST_F(SqliteQueryTest, AJoinGivesTheEntityAskedForOncePerPair) {
  const auto rows = ask([](sql::Session& session) {
    return session.query<Order>().join<Line>(lines::order_id == orders::id).order_by(orders::id).all();
  });
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].id, 10);
  EXPECT_EQ(rows[1].id, 10);
  EXPECT_EQ(rows[1].discount, 0.1);
  EXPECT_EQ(ask([](sql::Session& session) {
              return session.query<Order>().join<Line>(lines::order_id == orders::id).distinct().count();
            }),
            2);
}

TEST_F(SqliteQueryTest, ChainsOfJoins) {
  const auto names = ask([](sql::Session& session) {
    return session.query<Customer>()
        .join<Order>(orders::customer_id == customers::id)
        .join<Line>(lines::order_id == orders::id)
        .filter(lines::article == "nail")
        .order_by(customers::name)
        .select(customers::name)
        .distinct()
        .all();
  });
  EXPECT_THAT(names, ElementsAre("Ada", "Grace"));
}

TEST_F(SqliteQueryTest, AggregatesAreNullOverNothing) {
  const auto all = ask([](sql::Session& session) {
    return session.query<Order>()
        .select(count(), sum(orders::total), min(orders::total), max(orders::total), avg(orders::total),
                count(orders::discount), sum(orders::discount))
        .one();
  });
  EXPECT_EQ(std::get<0>(all), 3);
  EXPECT_EQ(std::get<1>(all), 1700);
  EXPECT_EQ(std::get<2>(all), 300);
  EXPECT_EQ(std::get<3>(all), 900);
  EXPECT_DOUBLE_EQ(std::get<4>(all).value(), 1700.0 / 3);
  EXPECT_EQ(std::get<5>(all), 2);
  EXPECT_DOUBLE_EQ(std::get<6>(all).value(), 0.35);
  const auto none = ask([](sql::Session& session) {
    return session.query<Order>().filter(orders::id > 99).select(count(), sum(orders::total), max(orders::total)).one();
  });
  EXPECT_EQ(none, std::make_tuple(0, std::nullopt, std::nullopt));
}

TEST_F(SqliteQueryTest, GroupsAreOrderedByTheirFigures) {
  using Row = std::tuple<std::int64_t, std::int64_t>;
  const auto rows = ask([](sql::Session& session) {
    return session.query<Order>()
        .group_by(orders::customer_id)
        .select(orders::customer_id, count())
        .order_by(desc(count()))
        .all();
  });
  EXPECT_THAT(rows, ElementsAre(Row(1, 2), Row(2, 1)));
}

TEST_F(SqliteQueryTest, ExpressionsAreCalculatedByTheDatabase) {
  EXPECT_THAT(ask([](sql::Session& session) {
                return session.query<Order>().order_by(orders::id).select((orders::total - 100) * 2).all();
              }),
              ElementsAre(800, 400, 1600));
  EXPECT_THAT(ask([](sql::Session& session) {
                return session.query<Customer>().filter(customers::id == 2).select(sql::upper(customers::name)).all();
              }),
              ElementsAre("GRACE"));
}

TEST_F(SqliteQueryTest, StreamsRowByRowAndStopsWhereItIsLeft) {
  ask([](sql::Session& session) {
    std::vector<std::string> names;
    for (const Customer& customer : session.query<Customer>().order_by(customers::id).stream()) {
      names.push_back(customer.name);
      if (names.size() == 2) break;
    }
    EXPECT_THAT(names, ElementsAre("Ada", "Grace"));
    for (const std::string& name :
         session.query<Customer>().filter(customers::id > 99).select(customers::name).stream()) {
      ADD_FAILURE() << name;
    }
    EXPECT_EQ(session.query<Customer>().count(), 4);
  });
}

TEST_F(SqliteQueryTest, RowsMayBeChangedWhileOthersStream) {
  db.with([](sql::Session& session) {
    for (const Order& order : session.query<Order>().order_by(orders::id).stream()) {
      session.query<Customer>().filter(customers::id == order.customer_id).update(customers::city = "seen");
      for (const Line& line : session.query<Line>().filter(lines::order_id == order.id).stream()) {
        EXPECT_EQ(line.order_id, order.id);
      }
    }
  });
  EXPECT_THAT(ids(customers::city == "seen"), ElementsAre(1, 2));
}

TEST_F(SqliteQueryTest, AnEntityStaysAfterItsScope) {
  const std::vector<Customer> all = ask([](sql::Session& session) { return session.query<Customer>().all(); });
  db.close(Deadline::in(std::chrono::seconds(5)));
  EXPECT_EQ(all.at(1).name, "Grace");
}

}  // namespace
}  // namespace core_lib::shop
