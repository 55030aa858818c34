// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_error.hpp"

#include <typeindex>
#include <typeinfo>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::postgresql {
namespace {

struct Expectation {
  std::string_view code;
  std::type_index type;
  int status;
  bool retryable;
  bool breaks;
};

TEST(PostgresqlErrorTest, EachCodeBecomesTheErrorThatACallerActsOn) {
  const Expectation expectations[] = {
      {"23505", typeid(UniqueViolation), 409, false, false},
      {"23503", typeid(ConstraintViolation), 422, false, false},
      {"23502", typeid(ConstraintViolation), 422, false, false},
      {"23514", typeid(ConstraintViolation), 422, false, false},
      {"23P01", typeid(ConstraintViolation), 422, false, false},
      {"40001", typeid(Error), 503, true, false},
      {"40P01", typeid(Error), 503, true, false},
      {"55P03", typeid(Error), 503, true, false},
      {"57014", typeid(DeadlineExceeded), 504, false, false},
      {"57P01", typeid(ConnectionLost), 503, false, true},
      {"57P02", typeid(ConnectionLost), 503, false, true},
      {"57P03", typeid(ConnectionLost), 503, true, false},
      {"57P05", typeid(ConnectionLost), 503, false, true},
      {"08006", typeid(ConnectionLost), 503, false, true},
      {"53300", typeid(ConnectionLost), 503, true, false},
      {"25P02", typeid(TransactionAborted), 500, false, false},
      {"25P03", typeid(ConnectionLost), 503, false, true},
      {"25006", typeid(Error), 403, false, false},
      {"26000", typeid(Error), 503, true, false},
      {"28P01", typeid(AuthenticationError), 500, false, false},
      {"28000", typeid(AuthenticationError), 500, false, false},
      {"3D000", typeid(ConfigError), 500, false, false},
      {"42501", typeid(Error), 403, false, false},
      {"42601", typeid(SyntaxError), 500, false, false},
      {"42P01", typeid(SyntaxError), 500, false, false},
      {"42703", typeid(SyntaxError), 500, false, false},
      {"22P02", typeid(ConversionError), 500, false, false},
      {"22003", typeid(ConversionError), 500, false, false},
      {"53100", typeid(Error), 507, false, false},
      {"54001", typeid(UsageError), 500, false, false},
      {"P0001", typeid(Error), 500, false, false},
      {"XX000", typeid(Error), 500, false, false},
      {"", typeid(Error), 500, false, false},
  };
  for (const Expectation& expected : expectations) {
    try {
      std::rethrow_exception(make_error(expected.code, "cannot run the statement", "the server's words"));
    } catch (const Error& error) {
      EXPECT_EQ(std::type_index(typeid(error)), expected.type) << expected.code;
      EXPECT_EQ(error.status_code(), expected.status) << expected.code;
      EXPECT_EQ(error.is_retryable(), expected.retryable) << expected.code;
      EXPECT_EQ(error.breaks_connection(), expected.breaks) << expected.code;
      EXPECT_EQ(error.native_code(), expected.code);
      EXPECT_THAT(error.what(), testing::StartsWith("cannot run the statement: the server's words"));
    }
  }
}

TEST(PostgresqlErrorTest, AnErrorThatEndsTheSessionIsKnown) {
  for (const char* const code : {"57P01", "57P02", "57P05", "08006", "25P03"}) EXPECT_TRUE(ends_session(code)) << code;
  for (const char* const code : {"57P03", "57014", "40001", "25P02", ""}) EXPECT_FALSE(ends_session(code)) << code;
}

}  // namespace
}  // namespace core_lib::sql::postgresql
