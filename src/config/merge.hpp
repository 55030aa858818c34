// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "config/node.hpp"

namespace core_lib::config {

/// Puts a copy of one map over another: maps merge deeply, everything else replaces, `???` never does. A map over an
/// interpolation that leads to a map is put over a copy of that one.
/// Errors: ConfigError where the result is too large or too deep.
void merge_map(Tree& tree, Node& into, const Node& from);
/// Puts a value under a key of a map, merging as above.
void merge_entry(Tree& tree, Node& into, const Node& entry);

}  // namespace core_lib::config
