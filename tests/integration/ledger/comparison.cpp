// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/comparison.hpp"

#include <algorithm>

namespace core_lib::ledger {
namespace {

using Counts = std::map<std::int64_t, std::size_t>;

std::string name_of(std::int64_t transfer) {
  return "transfer " + std::to_string(transfer / transfers_of_a_worker) + "/" +
         std::to_string(transfer % transfers_of_a_worker);
}

void judge(std::int64_t transfer, const Entry& entry, bool stored, Comparison& comparison) {
  switch (entry.outcome) {
    case Outcome::committed:
      ++comparison.committed;
      if (!stored) comparison.violations.push_back(name_of(transfer) + " was called committed and is lost");
      break;
    case Outcome::unexpected:
      comparison.violations.push_back(name_of(transfer) + " ended in what no fault explains: " + entry.reason);
      [[fallthrough]];
    case Outcome::failed:
      ++comparison.failed;
      ++comparison.reasons[entry.reason.substr(0, entry.reason.find(':'))];
      if (stored) {
        comparison.violations.push_back(name_of(transfer) + " was called failed and is there: " + entry.reason);
      }
      break;
    case Outcome::unknown:
      ++comparison.unknown;
      comparison.unknown_stored += stored ? 1U : 0U;
      break;
    case Outcome::started:
      ++comparison.cut_short;
      comparison.cut_short_stored += stored ? 1U : 0U;
      break;
  }
}

void check_time(std::int64_t transfer, const Entry& entry, std::chrono::milliseconds patience, Comparison& comparison) {
  comparison.longest_beyond_deadline = std::max(comparison.longest_beyond_deadline, entry.beyond_deadline);
  if (entry.beyond_deadline <= patience) return;
  comparison.violations.push_back(name_of(transfer) + " outlived its deadline by " +
                                  std::to_string(entry.beyond_deadline.count()) + " ms: " + entry.reason);
}

void check_counts(const Journal& journal, const Counts& counts, Comparison& comparison) {
  for (const auto& [transfer, count] : counts) {
    if (count > 1) {
      comparison.violations.push_back(name_of(transfer) + " was applied " + std::to_string(count) + " times");
    }
    if (journal.count(transfer) == 0) {
      comparison.violations.push_back(name_of(transfer) + " is there, and nobody has asked for it");
    }
  }
}

void check_money(const Books& books, Comparison& comparison) {
  std::map<std::int64_t, std::int64_t> expected;
  for (const Account& account : books.accounts) expected[account.id] = books.opening_balance;
  for (const Transfer& transfer : books.transfers) {
    expected[transfer.from_account] -= transfer.amount;
    expected[transfer.to_account] += transfer.amount;
  }
  std::int64_t sum = 0;
  for (const Account& account : books.accounts) {
    sum += account.balance;
    if (account.balance == expected[account.id]) continue;
    comparison.violations.push_back("account " + std::to_string(account.id) + " holds " +
                                    std::to_string(account.balance) + " where its transfers make " +
                                    std::to_string(expected[account.id]));
  }
  const std::int64_t opening = books.opening_balance * static_cast<std::int64_t>(books.accounts.size());
  if (sum != opening) {
    comparison.violations.push_back("the sum of money was " + std::to_string(opening) + " and is " +
                                    std::to_string(sum));
  }
}

}  // namespace

Comparison compare(const Journal& journal, const Books& books, std::chrono::milliseconds patience) {
  Counts counts;
  for (const Transfer& transfer : books.transfers) ++counts[transfer.number];
  Comparison comparison;
  for (const auto& [transfer, entry] : journal) {
    judge(transfer, entry, counts.count(transfer) != 0, comparison);
    check_time(transfer, entry, patience, comparison);
  }
  check_counts(journal, counts, comparison);
  check_money(books, comparison);
  return comparison;
}

}  // namespace core_lib::ledger
