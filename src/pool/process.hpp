// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>

#include <unistd.h>

namespace core_lib::pool {

/// How often this process was forked off another: it differs between a parent and its child. Reading it is a load,
/// where getpid() is a system call.
inline constinit std::atomic<std::uint32_t> fork_generation{0};

/// A thread as the system numbers it, as `top -H` and debuggers show it; 0 is none.
/// Unlike std::thread::id it is not given again to the next thread that starts.
using ThreadNumber = std::int32_t;

inline constinit thread_local ThreadNumber known_thread_number = 0;

[[nodiscard]] inline ThreadNumber thread_number() noexcept {
  if (known_thread_number == 0) [[unlikely]] {
    known_thread_number = static_cast<ThreadNumber>(gettid());
  }
  return known_thread_number;
}

/// Sees to it that both hold true in a child process; to be called before one relies on them.
void watch_forks();

}  // namespace core_lib::pool
