// SPDX-License-Identifier: Apache-2.0
#include "contract/sql_commit_contract.hpp"
#include "contract/sql_deadline_contract.hpp"
#include "contract/sql_operation_contract.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::contract {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlCommitContract, support::MariadbDatabase);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlDeadlineContract, support::MariadbDatabase);
INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlOperationContract, support::MariadbDatabase);

}  // namespace
}  // namespace core_lib::contract
