// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/sqlite.hpp"

#include "contract/connection_contract.hpp"
#include "contract/sql_bulk_contract.hpp"
#include "contract/sql_contract.hpp"
#include "contract/sql_injection_contract.hpp"
#include "contract/sql_misfit_contract.hpp"
#include "contract/sql_observer_contract.hpp"
#include "support/temporary_folder.hpp"

namespace core_lib::contract {
namespace {

void commit_will_fail(sql::Session& session) {
  (void)session.execute("PRAGMA defer_foreign_keys = ON");
  session.add(Pet{0, 4711, "stray"});
}

struct SqliteMemory {
  static constexpr bool several_writers = false;
  static constexpr bool update_returning = true;
  using CauseOfRefusedCommit = ConstraintViolation;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver(), std::move(options));
  }
  void refuse_commit(sql::Session& session) { commit_will_fail(session); }
};

struct SqliteFile {
  static constexpr bool several_writers = false;
  static constexpr bool update_returning = true;
  using CauseOfRefusedCommit = ConstraintViolation;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    return std::make_unique<SqlConnectionRegistry>(sql::make_sqlite_driver({.file = folder.path() + "/contract.db"}),
                                                   std::move(options));
  }
  void refuse_commit(sql::Session& session) { commit_will_fail(session); }

  TemporaryFolder folder;
};

using Engines = testing::Types<SqliteMemory, SqliteFile>;
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlObserverContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlBulkContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlMisfitContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, SqlInjectionContract, Engines);

/// A file, so that kept() may look from another connection while a scope of the test is open.
class SqliteConnections {
 public:
  using Registry = SqlConnectionRegistry;
  static constexpr bool transactional = true;

  SqliteConnections() { registry_.create_db<Owner, Pet>(); }

  Registry& registry() { return registry_; }
  void work(sql::Session& session, int number) { session.add(Owner{0, std::to_string(number)}); }
  bool kept(int number) {
    SqlConnectionRegistry outside(sql::make_sqlite_driver({.file = file_}));
    return outside.with({.access = read_only}, [&](sql::Session& session) {
      return session.query<Owner>().filter(owners::name == std::to_string(number)).exists();
    });
  }
  int held() { return static_cast<int>(registry_.pool_statistics()->active); }
  void make_commit_fail(sql::Session& session) { commit_will_fail(session); }

 private:
  TemporaryFolder folder_;
  std::string file_ = folder_.path() + "/contract.db";
  Registry registry_{sql::make_sqlite_driver({.file = file_})};
};
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, ConnectionContract, SqliteConnections);
INSTANTIATE_TYPED_TEST_SUITE_P(Sqlite, FailingCommitContract, SqliteConnections);

}  // namespace
}  // namespace core_lib::contract
