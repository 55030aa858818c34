// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "core_lib/config/config.hpp"

namespace core_lib::composition {

/// The node under a key, or an empty one where it is absent or null.
[[nodiscard]] inline Config section(const Config& node, std::string_view key) {
  return node.contains(key) && !node.at(key).is_null() ? node.at(key) : Config();
}

}  // namespace core_lib::composition
