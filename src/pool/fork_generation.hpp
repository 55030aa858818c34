// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

namespace core_lib::pool {

/// How often this process was forked off another: it differs between a parent and its child. Reading it is a load,
/// where getpid() is a system call.
inline std::atomic<std::uint32_t> fork_generation{0};

/// Sees to it that fork_generation counts, from the first call on.
void watch_forks();

}  // namespace core_lib::pool
