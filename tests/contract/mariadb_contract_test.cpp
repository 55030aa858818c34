// SPDX-License-Identifier: Apache-2.0
#include "contract/connection_contract.hpp"
#include "contract/sql_bulk_contract.hpp"
#include "contract/sql_contract.hpp"
#include "contract/sql_injection_contract.hpp"
#include "contract/sql_misfit_contract.hpp"
#include "contract/sql_observer_contract.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::contract {
namespace {

/// See tests/services/mariadb.
void commit_will_fail(sql::Session& session) {
  (void)session.execute("INSERT INTO app.refuses_commit (id) VALUES (1)");
}

struct Mariadb {
  static constexpr bool several_writers = true;
  static constexpr bool update_returning = false;
  using CauseOfRefusedCommit = Error;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) { return database.open(std::move(options)); }
  void refuse_commit(sql::Session& session) { commit_will_fail(session); }

  support::MariadbDatabase database;
};

struct MariadbReadCommitted : Mariadb {
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    sql::MariadbOptions mariadb = database.options();
    mariadb.isolation = Isolation::read_committed;
    return support::MariadbDatabase::open(mariadb, std::move(options));
  }
};

using Engines = testing::Types<Mariadb, MariadbReadCommitted>;
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlObserverContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlBulkContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlMisfitContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlInjectionContract, Engines);

class MariadbConnections {
 public:
  using Registry = SqlConnectionRegistry;
  static constexpr bool transactional = true;

  MariadbConnections() { registry_->create_db<Owner, Pet>(); }

  Registry& registry() { return *registry_; }
  void work(sql::Session& session, int number) { session.add(Owner{0, std::to_string(number)}); }
  bool kept(int number) {
    return !database_.administrator()
                .execute("SELECT 1 FROM contract_owners WHERE name = ?", std::to_string(number))
                .empty();
  }
  int held() { return static_cast<int>(registry_->pool_statistics()->active); }
  void make_commit_fail(sql::Session& session) { commit_will_fail(session); }

 private:
  support::MariadbDatabase database_;
  std::unique_ptr<Registry> registry_ = database_.open();
};
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, ConnectionContract, MariadbConnections);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, ConcurrentScopesContract, MariadbConnections);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, FailingCommitContract, MariadbConnections);

}  // namespace
}  // namespace core_lib::contract
