// SPDX-License-Identifier: Apache-2.0
#include "contract/sql_commit_contract.hpp"
#include "contract/sql_deadline_contract.hpp"
#include "contract/sql_operation_contract.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::contract {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlCommitContract, support::PostgresqlSchema);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlDeadlineContract, support::PostgresqlSchema);
INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlOperationContract, support::PostgresqlSchema);

}  // namespace
}  // namespace core_lib::contract
