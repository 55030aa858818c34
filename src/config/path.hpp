// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace core_lib::config {

/// Splits "a.b[0].c\.d" into its steps. Errors: ConfigError for an empty step or a bracket left open.
[[nodiscard]] std::vector<std::string> split_path(std::string_view path);
/// Appends a key to a path, escaped as split_path() reads it.
void append_key(std::string& path, std::string_view key);
/// The index that a step names, or npos.
[[nodiscard]] std::size_t list_index(std::string_view step);

}  // namespace core_lib::config
