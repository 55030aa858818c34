// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "core_lib/pool/pool_statistics.hpp"

#include "integration/ledger/comparison.hpp"
#include "integration/ledger/settings.hpp"

namespace core_lib::ledger {

/// What a run did and found.
struct Report {
  std::string database{};
  std::uint64_t seed = 0;
  std::chrono::milliseconds time{0};
  /// For each fault that struck, how long it took from its end until as many transfers as there are workers were
  /// committed.
  std::map<std::string, std::vector<std::chrono::milliseconds>> recoveries{};
  Comparison comparison{};
  PoolStatistics pool{};  ///< Of the workers, where they are of this process.
};

/// Has the workers work while faults strike, until there were enough of both, and compares the database with the
/// journal.
[[nodiscard]] Report run(const Settings& settings);

/// The report as a person reads it.
[[nodiscard]] std::string to_text(const Report& report);

}  // namespace core_lib::ledger
