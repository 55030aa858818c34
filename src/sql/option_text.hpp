// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"

namespace core_lib::sql {

/// Client libraries read a text up to its first NUL; a name or a password would lose its end without a word.
/// Errors: ConfigError where there is one.
inline void refuse_nul(std::string_view option, std::string_view value) {
  if (value.find('\0') == std::string_view::npos) return;
  throw ConfigError("the " + std::string(option) +
                    " of the database holds a NUL character, which no client can send; correct it in the "
                    "configuration");
}

}  // namespace core_lib::sql
