// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <stop_token>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "integration/ledger/ambush.hpp"
#include "integration/ledger/journal.hpp"

namespace core_lib::ledger {

struct WorkOptions {
  std::int64_t accounts = 0;
  std::chrono::milliseconds deadline{0};  ///< Of each scope.
  int attempts = 1;
};

/// What an exception that came out of a scope says of its transfer.
[[nodiscard]] Outcome outcome_of(const std::exception& error);

/// Makes one transfer after the other, and notes what the library says of each, until it is told to stop.
/// @param worker  the number of no other worker, ever
void work(std::int64_t worker, SqlConnectionRegistry& db, const WorkOptions& options, JournalFile& journal,
          Ambush& ambush, const std::stop_token& stop);

}  // namespace core_lib::ledger
