// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core_lib/sql/postgresql.hpp"

#include "sql/postgresql/wire.hpp"

namespace core_lib::sql::postgresql {

/// A connection to the first host that answers and has the wanted role. Errors: as Driver::connect().
[[nodiscard]] ConnectionPtr connect(const PostgresqlOptions& options, Deadline deadline);

/// "postgresql app@db1:5432,db2:5432/shop".
[[nodiscard]] std::string describe(const PostgresqlOptions& options);

}  // namespace core_lib::sql::postgresql
