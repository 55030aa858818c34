// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::sql::postgresql {

/// The addresses of a host. One empty one where there is nothing to look up: the folder of a socket, or an address.
/// @param attempt  what this is for, as in "cannot connect to ..."
/// @throws ConnectionLost  there is no such host, or no answer before the deadline
[[nodiscard]] std::vector<std::string> resolve(const std::string& host, std::string_view attempt, Deadline deadline);

}  // namespace core_lib::sql::postgresql
