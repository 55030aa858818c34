// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core_lib::config {

/// "; did you mean 'port'?" where names are near, else "; known: a, b, c" (the first few), else nothing.
[[nodiscard]] std::string suggest(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace core_lib::config
