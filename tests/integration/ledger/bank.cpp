// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/bank.hpp"

#include <stdexcept>

#include "core_lib/error/error.hpp"

#include "integration/ledger/comparison.hpp"

namespace core_lib::ledger {
namespace {

void change(sql::Session& session, std::int64_t account, std::int64_t by) {
  const auto matched =
      session.query<Account>().filter(accounts::id == account).update(accounts::balance = accounts::balance + by);
  if (matched != 1) throw std::logic_error("there is no account " + std::to_string(account));
}

/// An error as in a program that means well: it is caught, and the work goes on.
void fail_and_go_on(sql::Session& session, std::int64_t account) {
  try {
    session.add(Account{account, 0});
    throw std::logic_error("the database took an account twice");
  } catch (const UniqueViolation&) {
    // Swallowed on purpose: the commit has to fail.
  }
}

}  // namespace

void open_accounts(SqlConnectionRegistry& db, std::int64_t count, std::int64_t opening_balance) {
  db.create_db<Account, Transfer>();
  std::vector<Account> accounts;
  for (std::int64_t id = 1; id <= count; ++id) accounts.push_back({id, opening_balance});
  db.with([&](sql::Session& session) { session.add_all(accounts); });
}

void make(SqlConnectionRegistry& db, const sql::ScopeOptions& options, Transfer transfer, const Manners& manners) {
  db.with(options, [&](sql::Session& session) {
    change(session, transfer.from_account, -transfer.amount);
    change(session, transfer.to_account, transfer.amount);
    transfer.id = 0;
    session.add(transfer);
    if (manners.swallows_an_error) fail_and_go_on(session, transfer.from_account);
    if (manners.throws) throw ChangedMind("changed its mind");
    if (manners.before_commit) manners.before_commit();
  });
}

Books read_books(SqlConnectionRegistry& db, std::int64_t opening_balance) {
  return db.with({.access = read_only, .isolation = Isolation::serializable}, [&](sql::Session& session) {
    return Books{session.query<Account>().all(), session.query<Transfer>().all(), opening_balance};
  });
}

}  // namespace core_lib::ledger
