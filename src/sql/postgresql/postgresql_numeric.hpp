// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::sql::postgresql {

/// Writes a binary NUMERIC as the server would: all its decimal places, `NaN`, `Infinity`. False where it is none.
[[nodiscard]] bool format_numeric(std::string_view bytes, std::string& out);

}  // namespace core_lib::sql::postgresql
