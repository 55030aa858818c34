// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config_file.hpp"
#include "config/interpolation.hpp"

namespace core_lib::config {

/// One change on top of a configuration: `key=value` and its relatives.
struct Override {
  enum class Action { change, add, change_or_add, remove };
  Action action = Action::change;
  std::string key;                   ///< A path, or a group.
  std::optional<Package> package{};  ///< Of a group.
  std::optional<Literal> value{};    ///< Only a removal may have none.
  std::string where{};               ///< For messages: everything but the value.
};

/// Parses an override. Errors: ConfigError that tells which one it is, not what it says.
[[nodiscard]] Override parse_override(std::string_view text, std::size_t number);
/// Changes the tree under construction. Errors: ConfigError with near names.
void apply_override(Tree& tree, const Override& change);

}  // namespace core_lib::config
