// SPDX-License-Identifier: Apache-2.0
// The code that docs/how-to/transactions.md quotes.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace {

struct Account {
  std::int64_t id{};
  std::string owner;
  std::int64_t cents{};
};

}  // namespace

template <>
struct core_lib::Entity<Account>
    : core_lib::entity<"accounts", core_lib::key<&Account::id>, core_lib::unique<&Account::owner>> {};

namespace {

namespace accounts {
constexpr auto id = core_lib::col<&Account::id>;
constexpr auto cents = core_lib::col<&Account::cents>;
}  // namespace accounts

using namespace std::chrono_literals;
using core_lib::SqlConnectionRegistry;
using core_lib::sql::Session;

// [quote transfer]
void transfer(SqlConnectionRegistry& db, std::int64_t from, std::int64_t to, std::int64_t cents) {
  db.with([&](Session& session) {
    const auto taken = session.query<Account>()
                           .filter(accounts::id == from, accounts::cents >= cents)
                           .update(accounts::cents = accounts::cents - cents);
    if (taken == 0) throw core_lib::NotFoundError("no account with enough money");
    session.query<Account>().filter(accounts::id == to).update(accounts::cents = accounts::cents + cents);
  });  // both are stored here, or neither is
}
// [/quote]

// [quote savepoint]
int import(SqlConnectionRegistry& db, const std::vector<Account>& rows) {
  return db.with([&](Session& session) {
    int imported = 0;
    for (const Account& row : rows) {
      try {
        session.savepoint([&] { session.add(row); });
        ++imported;
      } catch (const core_lib::UniqueViolation&) {
        // It is there already: undone alone, and the others go on.
      }
    }
    return imported;
  });
}
// [/quote]

// [quote swallowed]
void swallow(SqlConnectionRegistry& db) {
  db.with([](Session& session) {
    session.add(Account{0, "grace", 0});
    try {
      session.add(Account{0, "ada", 0});  // there is an "ada"
    } catch (const core_lib::UniqueViolation&) {
    }
  });  // throws TransactionAborted, whose cause() is the UniqueViolation; "grace" is not stored either
}
// [/quote]

// [quote retry]
std::int64_t add_interest(SqlConnectionRegistry& db, std::int64_t id) {
  return db.with({.isolation = core_lib::Isolation::serializable, .attempts = 5, .deadline = 2s},
                 [&](Session& session) {
                   Account account = session.query<Account>().get_one(id);
                   account.cents += account.cents / 100;
                   session.save(account);
                   return account.cents;
                 });
}
// [/quote]

// [quote after_commit]
void open_account(SqlConnectionRegistry& db, const Account& account, std::vector<std::string>& outbox) {
  db.with([&](Session& session) {
    session.add(account);
    session.after_commit([&] { outbox.push_back("welcome, " + account.owner); });
  });
}
// [/quote]

// [quote dry_run]
std::uint64_t would_remove(SqlConnectionRegistry& db) {
  return db.with([](Session& session) {
    session.rollback_only();
    return session.query<Account>().filter(accounts::cents == 0).remove();
  });
}
// [/quote]

class TransactionsHowToTest : public testing::Test {
 protected:
  TransactionsHowToTest() {
    db.create_db<Account>();
    db.with([](Session& session) { session.add_all(std::vector<Account>{{1, "ada", 10'000}, {2, "mary", 0}}); });
  }
  std::vector<std::int64_t> cents() {
    return db.with(
        [](Session& session) { return session.query<Account>().order_by(accounts::id).select(accounts::cents).all(); });
  }

  SqlConnectionRegistry db{core_lib::sql::make_sqlite_driver()};
};

TEST_F(TransactionsHowToTest, AllOrNothing) {
  transfer(db, 1, 2, 2'500);
  EXPECT_THAT(cents(), testing::ElementsAre(7'500, 2'500));
  EXPECT_THROW(transfer(db, 1, 2, 1'000'000), core_lib::NotFoundError);
  EXPECT_THAT(cents(), testing::ElementsAre(7'500, 2'500));
}

TEST_F(TransactionsHowToTest, ExpectedAndSwallowedErrors) {
  EXPECT_EQ(import(db, {{0, "ada", 1}, {0, "joan", 2}, {0, "mary", 3}}), 1);
  EXPECT_THAT(cents(), testing::ElementsAre(10'000, 0, 2));
  EXPECT_THROW(swallow(db), core_lib::TransactionAborted);
  EXPECT_THAT(cents(), testing::ElementsAre(10'000, 0, 2));
}

TEST_F(TransactionsHowToTest, OptionsAndEnds) {
  EXPECT_EQ(add_interest(db, 1), 10'100);
  std::vector<std::string> outbox;
  open_account(db, {0, "joan", 0}, outbox);
  EXPECT_THROW(open_account(db, {0, "ada", 0}, outbox), core_lib::UniqueViolation);
  EXPECT_THAT(outbox, testing::ElementsAre("welcome, joan"));
  EXPECT_EQ(would_remove(db), 2U);
  EXPECT_THAT(cents(), testing::ElementsAre(10'100, 0, 0));
}

}  // namespace
