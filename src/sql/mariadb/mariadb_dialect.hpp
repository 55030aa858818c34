// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/sql/dialect.hpp"

namespace core_lib::sql::mariadb {

[[nodiscard]] const Dialect& dialect() noexcept;

}  // namespace core_lib::sql::mariadb
