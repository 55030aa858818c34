// SPDX-License-Identifier: Apache-2.0
#include "contract/sql_fork_contract.hpp"
#include "support/postgresql_schema.hpp"

namespace core_lib::contract {
namespace {

INSTANTIATE_TYPED_TEST_SUITE_P(Postgresql, SqlForkContract, support::PostgresqlSchema);

}  // namespace
}  // namespace core_lib::contract
