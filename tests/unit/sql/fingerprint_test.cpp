// SPDX-License-Identifier: Apache-2.0
#include "sql/fingerprint.hpp"

#include <string>

#include <gtest/gtest.h>

#include "unit/sql/quoting.hpp"

namespace core_lib::sql::detail {
namespace {

struct Case {
  const char* sql;
  const char* expected;
};

void expect_fingerprints(const Dialect& dialect, std::initializer_list<Case> cases) {
  for (const Case& one : cases) EXPECT_EQ(fingerprint(dialect, one.sql), one.expected) << one.sql;
}

TEST(FingerprintTest, EveryValueBecomesAPlaceholder) {
  expect_fingerprints(DoubleQuotes(), {
                                          {"SELECT 'ada'", "SELECT ?"},
                                          {"SELECT 'it''s'", "SELECT ?"},
                                          {"SELECT '' || 'x'", "SELECT ? || ?"},
                                          {"SELECT 'a\\'", "SELECT ?"},
                                          {"SELECT E'a\\'b', 1", "SELECT ?"},
                                          {"SELECT x'6162'", "SELECT ?"},
                                          {"SELECT 7 + 7.5 - .5 * 1e10 / 1.5E-3", "SELECT ? + ? - ? * ? / ?"},
                                          {"SELECT 0x1F FROM t1", "SELECT ? FROM t1"},
                                          {"WHERE id=5", "WHERE id=?"},
                                          {"SELECT $$it's$$ AS a", "SELECT ? AS a"},
                                          {"SELECT $q$ $$ 'x' $q$", "SELECT ?"},
                                          {"SELECT 'never closed", "SELECT ?"},
                                          {"SELECT $$never closed", "SELECT ?"},
                                          {"SELECT ARRAY[1, 2], a[3]", "SELECT ARRAY[?], a[?]"},
                                          {"WHERE day > date'2020-01-01'", "WHERE day > date?"},
                                      });
}

TEST(FingerprintTest, NamesStayAsTheyAre) {
  expect_fingerprints(DoubleQuotes(), {
                                          {R"(SELECT "a""b 'c'" FROM "5")", R"(SELECT "a""b 'c'" FROM "5")"},
                                          {"SELECT a1, b_2, ä3 FROM t$4", "SELECT a1, b_2, ä3 FROM t$4"},
                                          {"SELECT `a` FROM t", "SELECT `a` FROM t"},
                                          {"SELECT t.c1, :name, @var", "SELECT t.c1, :name, @var"},
                                      });
}

TEST(FingerprintTest, DoubleQuotesHoldTextWhereNamesAreQuotedOtherwise) {
  expect_fingerprints(Backticks(), {
                                       {R"(SELECT "ada" FROM `users`)", "SELECT ? FROM `users`"},
                                       {R"(SELECT 'it\'s', "a\"b")", "SELECT ?"},
                                       {"SELECT _utf8mb4'x' # 'comment'\nFROM t", "SELECT ? FROM t"},
                                       {"SELECT N'x'", "SELECT ?"},
                                   });
}

TEST(FingerprintTest, ListsOfValuesAndOfRowsAreShownOnce) {
  expect_fingerprints(DoubleQuotes(), {
                                          {"id IN (1, 2,3 , 'x')", "id IN (?)"},
                                          {"id IN (?, ?, ?)", "id IN (?)"},
                                          {"id IN ($1, $2)", "id IN (?)"},
                                          {"VALUES (1, 'a'), (2, 'b'),(3, 'c')", "VALUES (?)"},
                                          {"VALUES (1, now()), (2, now())", "VALUES (?, now()), (?, now())"},
                                          {"SELECT ?1, a", "SELECT ?, a"},
                                      });
}

TEST(FingerprintTest, CommentsAndWhiteSpaceDoNotMatter) {
  expect_fingerprints(DoubleQuotes(), {
                                          {"  SELECT\n\t1 ;\n ; ", "SELECT ?"},
                                          {"SELECT 1 -- password 'x'\n+ 2", "SELECT ? + ?"},
                                          {"SELECT /* 'x' */ 1 /* never closed 'y'", "SELECT ?"},
                                          {"SELECT a #> b", "SELECT a #> b"},
                                          {"", ""},
                                          {"-- nothing", ""},
                                      });
}

TEST(FingerprintTest, AVeryLongStatementIsCut) {
  std::string sql = "SELECT a";
  while (sql.size() < 100'000) sql += ", abcdefgh";
  const std::string cut = fingerprint(DoubleQuotes(), sql);
  EXPECT_LT(cut.size(), 4200U);
  EXPECT_TRUE(cut.ends_with(" ..."));
}

}  // namespace
}  // namespace core_lib::sql::detail
