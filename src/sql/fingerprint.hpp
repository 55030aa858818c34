// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/sql/dialect.hpp"

namespace core_lib::sql::detail {

/// A statement as logs and figures may show it: `?` stands for every value, be it written out or a placeholder, and
/// once for a list of them; comments are gone, white space is single, and what is very long is cut. No value is left in
/// it, and equal statements with other values, or with more of them, look the same.
[[nodiscard]] std::string fingerprint(const Dialect& dialect, std::string_view sql);

}  // namespace core_lib::sql::detail
