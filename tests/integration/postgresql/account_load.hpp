// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "integration/postgresql/account.hpp"

namespace core_lib::sql {

/// So many that an engine with a faster way than INSERT takes it.
inline std::vector<Account> make_accounts(int count = 1000) {
  std::vector<Account> accounts;
  for (int i = 0; i < count; ++i) accounts.push_back({0, "account " + std::to_string(i), i});
  return accounts;
}

/// Rows are stored in bulk while others of the same transaction are still being read.
inline void expect_load_beside_a_cursor(SqlConnectionRegistry& db) {
  db.with([](Session& session) { session.add_all(make_accounts()); });
  db.with([](Session& session) {
    std::vector<Account> more;
    for (const Account& account : session.query<Account>().stream()) {
      more.push_back({0, account.name + "'", account.balance});
      if (more.size() == 600) session.add_all(more);
    }
    EXPECT_EQ(more.size(), 1000U);
    EXPECT_EQ(session.query<Account>().count(), 1600);
  });
}

}  // namespace core_lib::sql
