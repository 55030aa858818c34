// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "config/node.hpp"

namespace core_lib::config {

/// Bounds on what one YAML text may grow to; texts from outside must not exhaust the process.
inline constexpr std::size_t max_file_size = 16U << 20U;
inline constexpr std::size_t max_nodes = 250'000;
inline constexpr std::size_t max_expanded_nodes = 10'000;  ///< That aliases may add.
inline constexpr std::size_t max_expansion_ratio = 100;    ///< Of nodes to nodes written, from 1,000 nodes on.

/// Reads one YAML 1.1 document into a tree. Interpolations are checked for grammar, not evaluated.
/// Errors: ConfigError with file:line:column.
[[nodiscard]] Tree compose_yaml(std::string_view text, const std::string& name);

/// Reads a file whole. Errors: ConfigError with the system's reason, or where it is over max_file_size.
[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace core_lib::config
