// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace core_lib::pool {

/// A server that answered, or a connection that came back, no longer ago is not looked after again: a look at the
/// socket takes the client's processor half a microsecond, three times a scope.
inline constexpr std::chrono::microseconds fresh_for{20};

}  // namespace core_lib::pool
