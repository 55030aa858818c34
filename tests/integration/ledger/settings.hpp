// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "core_lib/config/config.hpp"

#include "integration/ledger/worker.hpp"

namespace core_lib::ledger {

/// What the configuration says.
struct Settings {
  explicit Settings(std::vector<std::string> overrides);

  std::vector<std::string> overrides;
  Config config;
  WorkOptions work;
  std::size_t threads;
  std::size_t processes;  ///< Those that share the threads out among them; 0 where they are this one's.
  std::int64_t opening_balance;
  std::chrono::milliseconds patience;  ///< How long a call may outlive its deadline.
  std::size_t least_transfers;
  std::size_t least_faults;
  std::chrono::milliseconds least_time;
  std::uint64_t seed;
  std::string journal;
  /// The number of a process that is only to work; 0 for the supervisor.
  std::int64_t process;
};

}  // namespace core_lib::ledger
