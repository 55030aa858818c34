// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "core_lib/error/error.hpp"

#include "support/postgresql_schema.hpp"

namespace core_lib::support {

/// Reads expressions in each form that the server has for them.
class PostgresqlReading : public testing::Test {
 protected:
  /// The first run of a statement gives text, the second the binary form: both must be the same value.
  template <class T>
  T read(const std::string& expression) {
    const std::string sql = "SELECT " + expression;
    return db->with([&](sql::Session& session) {
      const T text = session.execute(sql).scalar<T>();
      const T binary = session.execute(sql).scalar<T>();
      EXPECT_EQ(text, binary) << expression;
      return binary;
    });
  }
  template <class T>
  std::string refusal(const std::string& expression) {
    try {
      (void)read<T>(expression);
    } catch (const ConversionError& error) {
      return error.what();
    }
    ADD_FAILURE() << expression << " was read";
    return "";
  }

  PostgresqlSchema schema;
  std::unique_ptr<SqlConnectionRegistry> db = schema.open();
};

}  // namespace core_lib::support
