// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <typeindex>

namespace core_lib::config {

/// The name of a type as C++ code writes it.
[[nodiscard]] std::string type_name(std::type_index type);

}  // namespace core_lib::config
