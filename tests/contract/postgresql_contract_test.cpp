// SPDX-License-Identifier: Apache-2.0
#include "contract/connection_contract.hpp"
#include "contract/sql_bulk_contract.hpp"
#include "contract/sql_contract.hpp"
#include "contract/sql_injection_contract.hpp"
#include "contract/sql_misfit_contract.hpp"
#include "contract/sql_observer_contract.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::contract {
namespace {

void commit_will_fail(sql::Session& session) {
  (void)session.execute(
      "ALTER TABLE contract_pets ALTER CONSTRAINT contract_pets_owner_id_fkey DEFERRABLE INITIALLY DEFERRED");
  session.add(Pet{0, 4711, "stray"});
}

struct Postgresql {
  static constexpr bool several_writers = true;
  static constexpr bool update_returning = true;
  using CauseOfRefusedCommit = ConstraintViolation;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) { return schema.open(std::move(options)); }
  void refuse_commit(sql::Session& session) { commit_will_fail(session); }

  support::PostgresqlSchema schema;
};

struct PostgresqlUnprepared {
  static constexpr bool several_writers = true;
  static constexpr bool update_returning = true;
  using CauseOfRefusedCommit = ConstraintViolation;
  std::unique_ptr<SqlConnectionRegistry> open(SqlOptions options = {}) {
    sql::PostgresqlOptions unprepared = schema.options();
    unprepared.prepared_statements = false;
    return support::PostgresqlSchema::open(unprepared, std::move(options));
  }
  void refuse_commit(sql::Session& session) { commit_will_fail(session); }

  support::PostgresqlSchema schema;
};

using Engines = testing::Types<Postgresql, PostgresqlUnprepared>;
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlObserverContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlBulkContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlMisfitContract, Engines);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlInjectionContract, Engines);

class PostgresqlConnections {
 public:
  using Registry = SqlConnectionRegistry;
  static constexpr bool transactional = true;

  PostgresqlConnections() { registry_->create_db<Owner, Pet>(); }

  Registry& registry() { return *registry_; }
  void work(sql::Session& session, int number) { session.add(Owner{0, std::to_string(number)}); }
  bool kept(int number) {
    return !schema_.administrator()
                .execute("SELECT 1 FROM contract_owners WHERE name = $1", std::to_string(number))
                .empty();
  }
  int held() { return static_cast<int>(registry_->pool_statistics()->active); }
  void make_commit_fail(sql::Session& session) { commit_will_fail(session); }

 private:
  support::PostgresqlSchema schema_;
  std::unique_ptr<Registry> registry_ = schema_.open();
};
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, ConnectionContract, PostgresqlConnections);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, ConcurrentScopesContract, PostgresqlConnections);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, FailingCommitContract, PostgresqlConnections);

}  // namespace
}  // namespace core_lib::contract
