// SPDX-License-Identifier: Apache-2.0
#include "sql/transaction_words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::detail {
namespace {

TEST(TransactionWordsTest, RefusesWhatBeginsOrEndsATransaction) {
  for (const char* sql :
       {"COMMIT", "commit", "  \t\r\n\f COMMIT", ";;COMMIT", "-- why\nCOMMIT", "--\n--\nCOMMIT", "/* why */COMMIT",
        "\xEF\xBB\xBF COMMIT", "/*/ COMMIT */ END", "# why\nROLLBACK TO a", "Begin Immediate", "END;",
        "START TRANSACTION", "ABORT", "SAVEPOINT a", "RELEASE a", "XA END 'a'"}) {
    EXPECT_THROW(refuse_transaction_words(sql), UsageError) << sql;
  }
}

TEST(TransactionWordsTest, NamesTheWordAndWhatToCall) {
  try {
    refuse_transaction_words("/* x */ rollback to a");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                testing::AllOf(testing::HasSubstr("cannot execute ROLLBACK"), testing::HasSubstr("rollback()")));
  }
}

TEST(TransactionWordsTest, LetsEverythingElsePass) {
  for (const char* sql : {"", " ", ";", "--", "-- COMMIT", "/* COMMIT", "/* COMMIT */", "SELECT 1 -- COMMIT",
                          "SELECT 'COMMIT'", "COMMITTED", "ENDING", "\"COMMIT\"", "INSERT INTO commits VALUES (1)",
                          "EXPLAIN COMMIT", "-", "/", "#", "BEGINNING_OF_A_LONG_WORD"}) {
    EXPECT_NO_THROW(refuse_transaction_words(sql)) << sql;
  }
}

}  // namespace
}  // namespace core_lib::sql::detail
