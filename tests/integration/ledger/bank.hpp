// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "core_lib/sql/sql_connection_registry.hpp"

namespace core_lib::ledger {

struct Books;

struct Account {
  std::int64_t id{};
  std::int64_t balance{};
};

/// One that was made. Nothing keeps `number` unique, so that a transfer which is made twice is there twice.
struct Transfer {
  std::int64_t id{};
  std::int64_t number{};
  std::int64_t from_account{};
  std::int64_t to_account{};
  std::int64_t amount{};
};

/// The number of a transfer is that of its worker times this, and a count.
inline constexpr std::int64_t transfers_of_a_worker = 100'000'000;

/// What a body does beyond moving money.
struct Manners {
  bool swallows_an_error = false;  ///< A statement of it fails, and it goes on as if nothing had been.
  bool throws = false;             ///< It changes its mind when all is done.
  /// Called when all is done and nothing is committed.
  std::function<void()> before_commit{};
};

/// What a body with such manners throws.
struct ChangedMind : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void open_accounts(SqlConnectionRegistry& db, std::int64_t count, std::int64_t opening_balance);

/// Moves the money and notes the transfer, in one scope.
void make(SqlConnectionRegistry& db, const sql::ScopeOptions& options, Transfer transfer, const Manners& manners);

[[nodiscard]] Books read_books(SqlConnectionRegistry& db, std::int64_t opening_balance);

}  // namespace core_lib::ledger

template <>
struct core_lib::Entity<core_lib::ledger::Account>
    : core_lib::entity<"ledger_accounts", core_lib::key<&core_lib::ledger::Account::id>> {};
template <>
struct core_lib::Entity<core_lib::ledger::Transfer>
    : core_lib::entity<"ledger_transfers", core_lib::key<&core_lib::ledger::Transfer::id>> {};

namespace core_lib::ledger::accounts {
inline constexpr auto id = col<&Account::id>;
inline constexpr auto balance = col<&Account::balance>;
}  // namespace core_lib::ledger::accounts
