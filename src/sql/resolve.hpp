// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core_lib/observability/deadline.hpp"

namespace core_lib::sql {

/// True for an IPv4 or IPv6 address, which nobody has to look up.
[[nodiscard]] bool is_address(const std::string& host) noexcept;

/// The addresses of a host, in the order to try them. The system's look-up knows no deadline, so that it is left behind
/// in a thread of its own when the deadline comes first.
/// @param attempt  what this is for, as in "cannot connect to ..."
/// Errors: ConnectionLost for an unknown name, DeadlineExceeded.
[[nodiscard]] std::vector<std::string> resolve(const std::string& host, std::string_view attempt, Deadline deadline);

}  // namespace core_lib::sql
