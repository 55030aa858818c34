// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::config {

/// Throws ConfigError with the position of the first byte that YAML text cannot hold: NUL, other control characters,
/// anything that is not UTF-8.
void check_text(std::string_view text, const std::string& name);

}  // namespace core_lib::config
