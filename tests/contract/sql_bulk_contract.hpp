// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>

#include "contract/sql_contract.hpp"

/// Work in bulk, the same on every SQL engine. A driver instantiates it with the context of SqlContract, which tells as
/// well:
///   static constexpr bool update_returning;  // an UPDATE can give back its rows
namespace core_lib::contract {

struct Item {
  std::int64_t id{};
  std::string code;
  std::int64_t stock{};
  std::optional<std::string> note;
};
struct Tag {
  std::int64_t item_id{};
  std::string name;
};

}  // namespace core_lib::contract

template <>
struct core_lib::Entity<core_lib::contract::Item>
    : core_lib::entity<"contract_items", core_lib::key<&core_lib::contract::Item::id>,
                       core_lib::unique<&core_lib::contract::Item::code>> {};
template <>
struct core_lib::Entity<core_lib::contract::Tag>
    : core_lib::entity<"contract_tags",
                       core_lib::key<&core_lib::contract::Tag::item_id, &core_lib::contract::Tag::name>> {};

namespace core_lib::contract {
namespace items {
inline constexpr auto id = col<&Item::id>;
inline constexpr auto code = col<&Item::code>;
inline constexpr auto stock = col<&Item::stock>;
inline constexpr auto note = col<&Item::note>;
}  // namespace items

template <class Context>
class SqlBulkContract : public testing::Test {
 protected:
  void SetUp() override {
    db = context.open();
    db->template create_db<Item, Tag>();
  }

  static std::vector<Item> make_items(int count) {
    std::vector<Item> items;
    for (int i = 0; i < count; ++i) items.push_back({0, "code " + std::to_string(i), i % 7, std::nullopt});
    return items;
  }
  Item item(const std::string& code) {
    return db->with([&](sql::Session& session) { return session.query<Item>().filter(items::code == code).one(); });
  }
  std::int64_t count() {
    return db->with([](sql::Session& session) { return session.query<Item>().count(); });
  }

  Context context;
  std::unique_ptr<SqlConnectionRegistry> db;
};

TYPED_TEST_SUITE_P(SqlBulkContract);

TYPED_TEST_P(SqlBulkContract, AddAllFillsInKeysWhereAsked) {
  std::vector<Item> rows = this->make_items(1000);
  rows[500].id = 1'000'000;  // has a key of its own
  this->db->with([&](sql::Session& session) { EXPECT_EQ(session.add_all(rows, sql::fill_keys), 1000U); });
  EXPECT_EQ(rows[500].id, 1'000'000);
  std::set<std::int64_t> keys;
  for (const Item& row : rows) keys.insert(row.id);
  EXPECT_EQ(keys.size(), 1000U);
  EXPECT_FALSE(keys.contains(0));
  this->db->with([&](sql::Session& session) {
    for (const std::size_t i : {0U, 1U, 499U, 500U, 501U, 999U}) {
      EXPECT_EQ(session.query<Item>().get_one(rows[i].id).code, rows[i].code);
    }
  });
}

TYPED_TEST_P(SqlBulkContract, AddAllStoresThousandsOfRows) {
  std::vector<Item> rows = this->make_items(3000);
  for (std::size_t i = 2000; i < rows.size(); ++i) {
    rows[i].id = static_cast<std::int64_t>(100'000 + i);
    rows[i].note = "note\t\\\n'\"";
  }
  this->db->with([&](sql::Session& session) {
    EXPECT_EQ(session.add_all(rows), 3000U);
    EXPECT_EQ(session.query<Item>().count(), 3000);
  });
  const std::vector<Item> stored =
      this->db->with([](sql::Session& session) { return session.query<Item>().order_by(items::id).all(); });
  ASSERT_EQ(stored.size(), 3000U);
  for (std::size_t i = 0; i < stored.size(); ++i) {
    ASSERT_EQ(stored[i].code, rows[i].code);
    ASSERT_EQ(stored[i].stock, rows[i].stock);
    ASSERT_EQ(stored[i].note, rows[i].note);
    ASSERT_TRUE(rows[i].id == 0 || stored[i].id == rows[i].id);
  }
}

TYPED_TEST_P(SqlBulkContract, ARowThatAddAllCannotStoreLeavesNothingOfAll) {
  std::vector<Item> rows = this->make_items(3000);
  rows[2500].code = rows[1].code;
  EXPECT_THROW(this->db->with([&](sql::Session& session) {
    session.add(Item{0, "before", 1, std::nullopt});
    EXPECT_THROW(session.add_all(rows), UniqueViolation);
    EXPECT_THROW((void)session.query<Item>().count(), TransactionAborted);
  }),
               TransactionAborted);
  EXPECT_EQ(this->count(), 0);
  this->db->with([&](sql::Session& session) {
    EXPECT_THROW(session.savepoint([&] { session.add_all(rows); }), UniqueViolation);
    session.add(Item{0, "after", 1, std::nullopt});
  });
  EXPECT_EQ(this->count(), 1);
}

TYPED_TEST_P(SqlBulkContract, UpsertByKeyInsertsOrWritesAllFields) {
  this->db->with([](sql::Session& session) {
    session.upsert(Item{7, "bolt", 1, "first"});
    session.upsert(Item{7, "bolt", 2, std::nullopt});
    session.upsert(Item{8, "nut", 3, std::nullopt});
  });
  EXPECT_EQ(this->count(), 2);
  const Item bolt = this->item("bolt");
  EXPECT_EQ(bolt.id, 7);
  EXPECT_EQ(bolt.stock, 2);
  EXPECT_EQ(bolt.note, std::nullopt);
}

TYPED_TEST_P(SqlBulkContract, UpsertByAUniqueColumnFindsTheKeyOfTheRow) {
  Item first{0, "bolt", 1, std::nullopt};
  Item again{0, "bolt", 5, "counted"};
  this->db->with([&](sql::Session& session) {
    session.upsert<&Item::code>(first);
    session.upsert<&Item::code>(again);
  });
  EXPECT_NE(first.id, 0);
  EXPECT_EQ(again.id, first.id);
  EXPECT_EQ(this->count(), 1);
  EXPECT_EQ(this->item("bolt").stock, 5);
  EXPECT_EQ(this->item("bolt").id, first.id);
}

TYPED_TEST_P(SqlBulkContract, UpsertOfNothingButKeysIsNoError) {
  this->db->with([](sql::Session& session) {
    session.upsert(Tag{1, "new"});
    session.upsert(Tag{1, "new"});
    EXPECT_EQ(session.query<Tag>().count(), 1);
  });
}

TYPED_TEST_P(SqlBulkContract, UpsertAllWritesManyRows) {
  std::vector<Item> rows = this->make_items(300);
  this->db->with([&](sql::Session& session) {
    EXPECT_EQ(session.upsert_all<&Item::code>(rows), 300U);
    for (Item& row : rows) row.stock = 99;
    EXPECT_EQ(session.upsert_all<&Item::code>(rows), 300U);
    EXPECT_EQ(session.query<Item>().filter(items::stock == 99).count(), 300);
  });
  EXPECT_EQ(this->count(), 300);
}

TYPED_TEST_P(SqlBulkContract, RemoveGivesBackItsRows) {
  this->db->with([&](sql::Session& session) {
    session.add_all(this->make_items(14));
    const std::vector<Item> gone = session.query<Item>().filter(items::stock == 3).remove_returning();
    ASSERT_EQ(gone.size(), 2U);
    EXPECT_EQ(gone[0].stock, 3);
    EXPECT_NE(gone[0].code, gone[1].code);
    EXPECT_EQ(session.query<Item>().count(), 12);
    EXPECT_TRUE(session.query<Item>().filter(items::stock == 3).remove_returning().empty());
  });
}

TYPED_TEST_P(SqlBulkContract, UpdateGivesBackItsRowsOrSaysThatTheEngineCannot) {
  this->db->with([&](sql::Session& session) { session.add_all(this->make_items(14)); });
  const auto update = [&] {
    return this->db->with([](sql::Session& session) {
      return session.query<Item>().filter(items::stock == 3).update_returning(items::stock = items::stock + 100);
    });
  };
  if constexpr (TypeParam::update_returning) {
    const std::vector<Item> changed = update();
    ASSERT_EQ(changed.size(), 2U);
    for (const Item& item : changed) EXPECT_EQ(item.stock, 103);
  } else {
    try {
      update();
      FAIL() << "the engine can do it";
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("for_update()"));
    }
    EXPECT_EQ(this->item("code 3").stock, 3);
  }
}

TYPED_TEST_P(SqlBulkContract, ReturningNeedsAFilterToo) {
  this->db->with([](sql::Session& session) {
    EXPECT_THROW((void)session.query<Item>().remove_returning(), UsageError);
    EXPECT_THROW((void)session.query<Item>().update_returning(items::stock = 1), UsageError);
  });
}

TYPED_TEST_P(SqlBulkContract, RowsMayBeReadForUpdate) {
  this->db->with([&](sql::Session& session) {
    session.add_all(this->make_items(3));
    Item item = session.query<Item>().filter(items::code == "code 1").for_update().one();
    item.stock += 10;
    session.save(item);
    EXPECT_EQ(session.query<Item>().order_by(items::id).limit(2).for_update().all().size(), 2U);
  });
  EXPECT_EQ(this->item("code 1").stock, 11);
}

TYPED_TEST_P(SqlBulkContract, PagesFollowEachOtherWithoutGapOrOverlap) {
  this->db->with([&](sql::Session& session) { session.add_all(this->make_items(25)); });
  std::vector<Item> seen;
  std::size_t pages = 0;
  for (std::optional<Item> last;; last = seen.back()) {
    const std::vector<Item> page = this->db->with([&](sql::Session& session) {
      return session.query<Item>().page_after(last, 4, desc(items::stock), items::id).all();
    });
    if (page.empty()) break;
    ++pages;
    seen.insert(seen.end(), page.begin(), page.end());
  }
  EXPECT_EQ(pages, 7U);
  ASSERT_EQ(seen.size(), 25U);
  for (std::size_t i = 1; i < seen.size(); ++i) {
    const bool ordered =
        seen[i - 1].stock > seen[i].stock || (seen[i - 1].stock == seen[i].stock && seen[i - 1].id < seen[i].id);
    EXPECT_TRUE(ordered) << i;
  }
}

TYPED_TEST_P(SqlBulkContract, PagesKeepFilters) {
  this->db->with([&](sql::Session& session) {
    session.add_all(this->make_items(30));
    std::optional<Item> last;
    std::size_t rows = 0;
    for (;;) {
      const std::vector<Item> page =
          session.query<Item>().filter(items::stock == 2 || items::stock == 5).page_after(last, 3, items::id).all();
      if (page.empty()) break;
      for (const Item& item : page) EXPECT_TRUE(item.stock == 2 || item.stock == 5);
      rows += page.size();
      last = page.back();
    }
    EXPECT_EQ(rows, 8U);
  });
}

TYPED_TEST_P(SqlBulkContract, ABatchRunsInOrderAndGivesAResultForEach) {
  const std::vector<sql::Result> results = this->db->with([](sql::Session& session) {
    sql::Batch batch;
    for (const char* code : {"bolt", "nut"}) {
      batch.add("INSERT INTO contract_items (code, stock) VALUES (?, ?)", std::string(code), 3);
    }
    batch.add("UPDATE contract_items SET stock = stock + ? WHERE code = ?", 4, "nut");
    batch.add("SELECT code, stock FROM contract_items ORDER BY code");
    EXPECT_EQ(batch.size(), 4U);
    return session.execute(batch);
  });
  ASSERT_EQ(results.size(), 4U);
  EXPECT_EQ(results[0].rows_matched(), 1U);
  EXPECT_EQ(results[2].rows_matched(), 1U);
  ASSERT_EQ(results[3].size(), 2U);
  EXPECT_EQ(results[3][0].template get<std::int64_t>("stock"), 3);
  EXPECT_EQ(results[3][1].template get<std::int64_t>("stock"), 7);
}

TYPED_TEST_P(SqlBulkContract, ABatchStopsAtItsFirstErrorWhichDoomsTheTransaction) {
  EXPECT_THROW(this->db->with([](sql::Session& session) {
    sql::Batch batch;
    batch.add("INSERT INTO contract_items (code, stock) VALUES ('bolt', 1)");
    batch.add("INSERT INTO contract_items (code, stock) VALUES ('bolt', 2)");
    batch.add("INSERT INTO contract_items (code, stock) VALUES ('nut', 3)");
    EXPECT_THROW((void)session.execute(batch), UniqueViolation);
  }),
               TransactionAborted);
  EXPECT_EQ(this->count(), 0);
}

TYPED_TEST_P(SqlBulkContract, ABatchMayRepeatAStatementWithValuesOfOtherTypesAndManyRows) {
  this->db->with([&](sql::Session& session) {
    session.add_all(this->make_items(200));
    sql::Batch batch;
    batch.add("UPDATE contract_items SET note = ? WHERE code = ?", std::nullopt, "code 1");
    batch.add("UPDATE contract_items SET note = ? WHERE code = ?", "noted", "code 2");
    batch.add("SELECT code, note FROM contract_items ORDER BY id");
    batch.add("UPDATE contract_items SET note = ? WHERE code = ?", std::string(100'000, 'x'), "code 3");
    batch.add("SELECT code, note FROM contract_items ORDER BY id");
    const std::vector<sql::Result> results = session.execute(batch);
    EXPECT_EQ(results[2].size(), 200U);
    EXPECT_EQ(results[2][2].template get<std::string>("note"), "noted");
    EXPECT_EQ(results[2][3].template get<std::optional<std::string>>("note"), std::nullopt);
    EXPECT_EQ(results[4][3].template get<std::string>("note"), std::string(100'000, 'x'));
    EXPECT_EQ(session.execute("SELECT COUNT(*) FROM contract_items").template scalar<int>(), 200);
  });
}

TYPED_TEST_P(SqlBulkContract, ABatchOfAnySizeOwnsItsValuesWhereverItGoes) {
  sql::Batch first;
  for (int i = 0; i < 500; ++i) {
    first.add("INSERT INTO contract_items (code, stock, note) VALUES (?, ?, ?)", "code " + std::to_string(i), i,
              std::string(static_cast<std::size_t>(i), 'x'));
  }
  sql::Batch batch = std::move(first);
  first = sql::Batch();
  first.add("INSERT INTO contract_items (code, stock, note) VALUES (?, ?, ?)", "another", 1, "");
  this->db->with([&](sql::Session& session) {
    for (const sql::Result& result : session.execute(batch)) EXPECT_EQ(result.rows_matched(), 1U);
    EXPECT_EQ(session.execute(first).size(), 1U);
    EXPECT_EQ(session.execute("SELECT SUM(LENGTH(note)) FROM contract_items").template scalar<std::int64_t>(),
              499 * 500 / 2);
    EXPECT_EQ(session.execute("SELECT SUM(stock) FROM contract_items").template scalar<std::int64_t>(),
              1 + 499 * 500 / 2);
  });
}

TYPED_TEST_P(SqlBulkContract, ABatchRefusesWhatItsSessionDoesItself) {
  for (const char* const sql : {"COMMIT", "ROLLBACK", "SELECT 1; SELECT 2", "SELECT ?"}) {
    EXPECT_THROW(this->db->with([&](sql::Session& session) {
      sql::Batch batch;
      batch.add("INSERT INTO contract_items (code, stock) VALUES ('bolt', 1)");
      batch.add(sql);
      EXPECT_THROW((void)session.execute(batch), UsageError) << sql;
    }),
                 TransactionAborted);
  }
  EXPECT_EQ(this->count(), 0);
}

TYPED_TEST_P(SqlBulkContract, AnEmptyBatchIsNothing) {
  this->db->with([](sql::Session& session) {
    EXPECT_TRUE(session.execute(sql::Batch()).empty());
    EXPECT_FALSE(session.in_transaction());
  });
}

TYPED_TEST_P(SqlBulkContract, ListsOfAnyLengthFind) {
  this->db->with([&](sql::Session& session) {
    session.add_all(this->make_items(50));
    for (const int length : {0, 1, 3, 200, 5000}) {
      std::vector<std::string> codes;
      for (int i = 0; i < length; ++i) codes.push_back("code " + std::to_string(i));
      EXPECT_EQ(session.query<Item>().filter(items::code.in(codes)).count(), std::min(length, 50)) << length;
    }
  });
}

REGISTER_TYPED_TEST_SUITE_P(SqlBulkContract, AddAllFillsInKeysWhereAsked, AddAllStoresThousandsOfRows,
                            ARowThatAddAllCannotStoreLeavesNothingOfAll, UpsertByKeyInsertsOrWritesAllFields,
                            UpsertByAUniqueColumnFindsTheKeyOfTheRow, UpsertOfNothingButKeysIsNoError,
                            UpsertAllWritesManyRows, RemoveGivesBackItsRows,
                            UpdateGivesBackItsRowsOrSaysThatTheEngineCannot, ReturningNeedsAFilterToo,
                            RowsMayBeReadForUpdate, PagesFollowEachOtherWithoutGapOrOverlap, PagesKeepFilters,
                            ABatchRunsInOrderAndGivesAResultForEach, ABatchStopsAtItsFirstErrorWhichDoomsTheTransaction,
                            ABatchMayRepeatAStatementWithValuesOfOtherTypesAndManyRows,
                            ABatchOfAnySizeOwnsItsValuesWhereverItGoes, ABatchRefusesWhatItsSessionDoesItself,
                            AnEmptyBatchIsNothing, ListsOfAnyLengthFind);

}  // namespace core_lib::contract
