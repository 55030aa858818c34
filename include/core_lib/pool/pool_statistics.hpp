// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace core_lib {

/// A pool at one moment, and what it has counted since it was made.
struct PoolStatistics {
  std::string name{};
  std::size_t max_total = 0;   ///< PoolOptions::max_size + max_overflow.
  std::size_t total = 0;       ///< active + idle + connecting.
  std::size_t active = 0;      ///< Leased.
  std::size_t idle = 0;        ///< Open and free.
  std::size_t connecting = 0;  ///< Being opened now.
  std::size_t waiting = 0;     ///< Threads in acquire() that wait for one.

  std::uint64_t acquired = 0;          ///< Leases handed out.
  std::uint64_t connects = 0;          ///< Connections opened.
  std::uint64_t connect_failures = 0;  ///< Attempts that failed.
  std::uint64_t closes = 0;            ///< Connections taken out of the pool to be closed.
  std::uint64_t timeouts = 0;          ///< Acquires that ended in PoolTimeout.
  std::uint64_t failed_checks = 0;     ///< Connections found dead before they were handed out.
  std::uint64_t leaks = 0;             ///< Leases reported as held beyond PoolOptions::leak_threshold.
  std::string last_connect_error{};    ///< The message of the last failed attempt; empty once one has succeeded.

  /// Both together, under the name of this one.
  PoolStatistics& operator+=(const PoolStatistics& other) {
    max_total += other.max_total;
    total += other.total;
    active += other.active;
    idle += other.idle;
    connecting += other.connecting;
    waiting += other.waiting;
    acquired += other.acquired;
    connects += other.connects;
    connect_failures += other.connect_failures;
    closes += other.closes;
    timeouts += other.timeouts;
    failed_checks += other.failed_checks;
    leaks += other.leaks;
    if (!other.last_connect_error.empty()) last_connect_error = other.last_connect_error;
    return *this;
  }
};

}  // namespace core_lib
