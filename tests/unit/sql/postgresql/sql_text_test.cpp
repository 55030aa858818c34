// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/sql_text.hpp"

#include <gtest/gtest.h>

namespace core_lib::sql::postgresql {
namespace {

TEST(SqlTextTest, TheHighestNumberedPlaceholderCounts) {
  const std::pair<std::string_view, std::size_t> texts[] = {
      {"", 0},
      {"SELECT 1", 0},
      {"SELECT $2, $1", 2},
      {"SELECT $10", 10},
      {"SELECT '$3'", 0},
      {"SELECT 'it''s $3'", 0},
      {"SELECT \"$3\"", 0},
      {"SELECT \"a\"\"$3\"", 0},
      {"SELECT E'\\'$3'", 0},
      {"SELECT e'a''b\\'$3', $1", 1},
      {"SELECT '\\', $1", 1},
      {"SELECT name'\\', $1", 1},
      {"SELECT $$ $3 $$, $1", 1},
      {"SELECT $tag$ $3 $$ $other$ $tag$, $1", 1},
      {"SELECT $tag$ $3", 0},
      {"SELECT a$3", 0},
      {"SELECT _$3, é$4, $1", 1},
      {"SELECT 1 -- $3\n + $1", 1},
      {"SELECT 1 -- $3", 0},
      {"SELECT /* $3 /* $4 */ $5 */ $1", 1},
      {"SELECT /* $3", 0},
      {"SELECT 'open $3", 0},
      {"SELECT E'open\\", 0},
      {"SELECT $1::int[] && $2", 2},
      {"SELECT $", 0},
      {"SELECT $x", 0},
  };
  for (const auto& [text, expected] : texts) EXPECT_EQ(scan(text).numbered, expected) << text;
}

TEST(SqlTextTest, AQuestionMarkIsNumberedWhereItIsNoPartOfAnything) {
  const std::pair<std::string_view, std::string_view> texts[] = {
      {"SELECT 1", "SELECT 1"},
      {"?", "$1"},
      {"SELECT ?, ?", "SELECT $1, $2"},
      {"SELECT '?', \"?\", ? /* ? */ -- ?", "SELECT '?', \"?\", $1 /* ? */ -- ?"},
      {"SELECT $a$?$a$, E'\\'?', ?", "SELECT $a$?$a$, E'\\'?', $1"},
  };
  for (const auto& [text, expected] : texts) EXPECT_EQ(number_questions(text, scan(text)), expected);
}

TEST(SqlTextTest, ASecondStatementIsSeen) {
  for (const std::string_view text : {"SELECT 1; SELECT 2", "; SELECT 2", "SELECT ';'; x"}) {
    EXPECT_TRUE(scan(text).has_second) << text;
  }
  for (const std::string_view text :
       {"", "SELECT 1", "SELECT 1;", "SELECT 1; ;\n", "SELECT ';', \";\" -- ; x", "SELECT 1; /* more; */ -- more"}) {
    EXPECT_FALSE(scan(text).has_second) << text;
  }
}

}  // namespace
}  // namespace core_lib::sql::postgresql
