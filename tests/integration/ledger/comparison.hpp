// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "integration/ledger/bank.hpp"
#include "integration/ledger/journal.hpp"

namespace core_lib::ledger {

/// What the database holds in the end.
struct Books {
  std::vector<Account> accounts{};
  std::vector<Transfer> transfers{};
  std::int64_t opening_balance = 0;  ///< Of each account.
};

/// How far the database bears out what the library said.
struct Comparison {
  std::size_t committed = 0;
  std::size_t failed = 0;
  std::size_t unknown = 0;  ///< In the library's own words, CommitUnknown.
  std::size_t unknown_stored = 0;
  std::size_t cut_short = 0;  ///< Their process was killed, so that the library said nothing.
  std::size_t cut_short_stored = 0;
  std::map<std::string, std::size_t> reasons{};  ///< Of the failed ones.
  std::chrono::milliseconds longest_beyond_deadline{0};
  /// Each a sentence; without one the library kept its word.
  std::vector<std::string> violations{};
};

/// @param patience  how long a call may outlive its deadline, where the journal tells how long it did
[[nodiscard]] Comparison compare(const Journal& journal, const Books& books,
                                 std::chrono::milliseconds patience = std::chrono::milliseconds::max());

}  // namespace core_lib::ledger
