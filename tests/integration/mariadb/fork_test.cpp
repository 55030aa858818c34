// SPDX-License-Identifier: Apache-2.0
#include "contract/sql_fork_contract.hpp"
#include "support/mariadb_database.hpp"

namespace core_lib::contract {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Mariadb, SqlForkContract, support::MariadbDatabase);

}  // namespace
}  // namespace core_lib::contract
