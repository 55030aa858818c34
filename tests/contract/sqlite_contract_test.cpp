// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/sqlite.hpp"

#include "contract/sql_contract.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::contract {
namespace {

struct SqliteMemory {
  static constexpr bool several_writers = false;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver(), std::move(options));
  }
  void defer_foreign_keys(sql::Session& session) { (void)session.execute("PRAGMA defer_foreign_keys = ON"); }
};

struct SqliteFile {
  static constexpr bool several_writers = false;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver({.file = folder.path() + "/contract.db"}),
                                                   std::move(options));
  }
  void defer_foreign_keys(sql::Session& session) { (void)session.execute("PRAGMA defer_foreign_keys = ON"); }

  TemporaryFolder folder;
};

using Engines = testing::Types<SqliteMemory, SqliteFile>;
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlContract, Engines);

}  // namespace
}  // namespace core_lib::contract
