// SPDX-License-Identifier: Apache-2.0
#include "sql/statement_cache.hpp"

#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/query/column.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace core_lib::sql::detail {
namespace {

struct Thing {
  int id{};
  int size{};
};

}  // namespace
}  // namespace core_lib::sql::detail

template <>
struct core_lib::Entity<core_lib::sql::detail::Thing> : core_lib::entity<"things"> {};

namespace core_lib::sql::detail {
namespace {

class StatementCacheTest : public testing::Test {
 protected:
  /// Uses a statement once and tells which it was.
  const CachedStatement* use(const std::string& sql) {
    CachedStatement& statement = cache.take(sql);
    cache.give_back(statement);
    return &statement;
  }

  std::unique_ptr<driver::Driver> driver = make_sqlite_driver();
  std::unique_ptr<driver::Connection> connection = driver->connect(Access::read_write, Deadline::never());
  StatementCache cache{*connection, driver->dialect(), 3};
};

TEST_F(StatementCacheTest, AStatementIsPreparedOnce) {
  const CachedStatement* const first = use("SELECT 1");
  const CachedStatement* const second = use("SELECT 2");
  EXPECT_NE(second, first);
  EXPECT_EQ(use("SELECT 2"), second);
  EXPECT_EQ(use("SELECT 1"), first);
  EXPECT_EQ(cache.size(), 2U);
}

TEST_F(StatementCacheTest, TheLeastRecentlyUsedMakesRoom) {
  use("SELECT 1");
  use("SELECT 2");
  const CachedStatement* const third = use("SELECT 3");
  use("SELECT 1");
  use("SELECT 4");  // in place of 2
  EXPECT_EQ(cache.size(), 3U);
  EXPECT_EQ(use("SELECT 3"), third);
  use("SELECT 5");  // in place of 1
  EXPECT_EQ(use("SELECT 3"), third);
  EXPECT_EQ(cache.size(), 3U);
}

TEST_F(StatementCacheTest, AStatementInUseIsPreparedASecondTimeForAsLongAsItIs) {
  CachedStatement& outer = cache.take("SELECT 1");
  CachedStatement& inner = cache.take("SELECT 1");
  EXPECT_NE(&outer, &inner);
  EXPECT_EQ(cache.size(), 1U);
  cache.give_back(inner);
  cache.give_back(outer);
  EXPECT_EQ(use("SELECT 1"), &outer);
}

TEST_F(StatementCacheTest, AStatementInUseMakesNoRoom) {
  std::vector<CachedStatement*> used;
  for (int i = 0; i < 5; ++i) used.push_back(&cache.take("SELECT " + std::to_string(i)));
  EXPECT_EQ(cache.size(), 5U);
  for (CachedStatement* statement : used) cache.give_back(*statement);
  use("SELECT 99");
  EXPECT_EQ(cache.size(), 3U);
}

TEST_F(StatementCacheTest, TheOuterOfTwoMayEndFirst) {
  CachedStatement& outer = cache.take("SELECT 1");
  CachedStatement& inner = cache.take("SELECT 1");
  cache.give_back(outer);
  EXPECT_EQ(&cache.take("SELECT 1"), &outer);
  cache.give_back(inner);
  cache.give_back(outer);
}

TEST_F(StatementCacheTest, EqualShapesShareAStatementAndOthersDoNot) {
  const auto prepare = [&](Op op) {
    CachedStatement& insert = cache.take("CREATE TABLE IF NOT EXISTS things (id, size)");
    (void)insert.statement->execute({}, driver::Fetching::at_once);
    cache.give_back(insert);
    const Token shape[] = {Op::select, table_ref_of<Thing>,         Token(Op::where, 4, 0),
                           Op::field,  column_ref_of<&Thing::size>, Op::parameter,
                           op};
    CachedStatement& statement = cache.take(shape);
    cache.give_back(statement);
    return &statement;
  };
  const CachedStatement* const equal = prepare(Op::equal);
  EXPECT_EQ(equal->sql, R"(SELECT "id", "size" FROM "things" WHERE "size" = ?)");
  EXPECT_EQ(prepare(Op::equal), equal);
  EXPECT_EQ(prepare(Op::less)->sql, R"(SELECT "id", "size" FROM "things" WHERE "size" < ?)");
}

TEST_F(StatementCacheTest, AStatementThatDoesNotPrepareIsNotKept) {
  for (int i = 0; i < 3; ++i) EXPECT_THROW((void)cache.take("SELECT FROM nothing"), SyntaxError);
  EXPECT_EQ(cache.size(), 0U);
  use("SELECT 1");
  EXPECT_EQ(cache.size(), 1U);
}

}  // namespace
}  // namespace core_lib::sql::detail
