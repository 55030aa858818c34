// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/query/token.hpp"

#include <cstring>
#include <limits>

#include <gtest/gtest.h>

#include "core_lib/sql/query/column.hpp"

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

bool equal(const Token& a, const Token& b) { return std::memcmp(&a, &b, sizeof(Token)) == 0; }

TEST(TokenTest, KeepsAnOperatorWithItsNumbers) {
  for (const Op op : {Op::select, Op::get, Op::where, Op::parameter, Op::descending}) {
    const Token token(op, std::numeric_limits<std::uint16_t>::max(), std::numeric_limits<std::uint32_t>::max());
    EXPECT_EQ(token.op(), op);
    EXPECT_EQ(token.a(), std::numeric_limits<std::uint16_t>::max());
    EXPECT_EQ(token.b(), std::numeric_limits<std::uint32_t>::max());
    EXPECT_EQ(Token(op).op(), op);
    EXPECT_EQ(Token(op).a(), 0);
    EXPECT_EQ(Token(op).b(), 0U);
  }
}

TEST(TokenTest, KeepsATableOrAColumn) {
  const Token table = table_ref_of<Thing>;
  EXPECT_EQ(&table.table(), &table_ref_of<Thing>);
  EXPECT_EQ(table.table().table().name, "things");
  const Token column = column_ref_of<&Thing::size>;
  EXPECT_EQ(&column.column(), &column_ref_of<&Thing::size>);
  EXPECT_EQ(column.column().field(), 1U);
}

TEST(TokenTest, NoOperatorEqualsAColumnOrAnotherOperator) {
  const Token column = column_ref_of<&Thing::size>;
  for (unsigned op = 0; op <= static_cast<unsigned>(Op::descending); ++op) {
    const Token token(static_cast<Op>(op), 7, 9);
    EXPECT_FALSE(equal(token, column));
    for (unsigned other = 0; other < op; ++other) EXPECT_FALSE(equal(token, Token(static_cast<Op>(other), 7, 9)));
  }
  EXPECT_FALSE(equal(column, column_ref_of<&Thing::id>));
  EXPECT_TRUE(equal(column, column_ref_of<&Thing::size>));
}

}  // namespace
}  // namespace core_lib::sql::detail
