// SPDX-License-Identifier: Apache-2.0
// SOCI on the same database, rows and transactions as sqlite_benchmark.cpp, used as its manual advises: a session from
// a pool per scope, statements prepared once per session, bulk input by vectors.
#include <cstdlib>
#include <vector>

#include <soci/connection-pool.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include "account.hpp"
#include "support/report.hpp"

namespace soci {

template <>
struct type_conversion<Account> {
  using base_type = values;

  // SQLite's INTEGER columns are int for SOCI 4.0.
  static void from_base(const values& from, indicator, Account& account) {
    account.id = from.get<int>("id");
    account.email = from.get<std::string>("email");
    account.name.reset();
    if (from.get_indicator("name") != i_null) account.name = from.get<std::string>("name");
    account.balance = from.get<double>("balance");
    account.visits = from.get<int>("visits");
  }
};

}  // namespace soci

namespace {

using benchmarks::compare;

constexpr int rows = 100'000;
constexpr int operations = 20'000;
constexpr const char* select = "SELECT id, email, name, balance, visits FROM accounts";

int some_id(int i) { return static_cast<int>(1 + (static_cast<long long>(i) * 7919) % rows); }
void require(bool condition) {
  if (!condition) std::abort();
}

Account get(soci::session& session, int id) {
  Account account;
  session << select << " WHERE id = :id", soci::into(account), soci::use(id, "id");
  return account;
}

void update(soci::session& session, int id, const std::string& name) {
  session << "UPDATE accounts SET name = :name WHERE id = :id", soci::use(name, "name"), soci::use(id, "id");
}

void insert_all(soci::session& session, const std::vector<Account>& accounts) {
  Account row;
  std::string name;
  soci::indicator has_name = soci::i_ok;
  soci::statement insert = (session.prepare << "INSERT INTO accounts (id, email, name, balance, visits) VALUES "
                                               "(:id, :email, :name, :balance, :visits)",
                            soci::use(row.id), soci::use(row.email), soci::use(name, has_name), soci::use(row.balance),
                            soci::use(row.visits));
  for (const Account& account : accounts) {
    row = account;
    has_name = account.name ? soci::i_ok : soci::i_null;
    name = account.name.value_or("");
    insert.execute(true);
  }
}

std::vector<Account> read_all(soci::session& session) {
  std::vector<Account> accounts;
  const soci::rowset<Account> found = session.prepare << select;
  for (const Account& account : found) accounts.push_back(account);
  return accounts;
}

template <class Work>
void in_scope(soci::connection_pool& pool, Work work) {
  soci::session session(pool);
  soci::transaction transaction(session);
  work(session);
  transaction.commit();
}

void points(soci::connection_pool& pool) {
  compare("get in its own scope", operations,
          {{"SOCI", [&] {
              for (int i = 0; i < operations; ++i) {
                in_scope(pool, [&](soci::session& session) { require(get(session, some_id(i)).id == some_id(i)); });
              }
            }}});
  compare("get in one transaction", operations, {{"SOCI", [&] {
                                                    in_scope(pool, [&](soci::session& session) {
                                                      int id = 0;
                                                      Account account;
                                                      soci::statement one =
                                                          (session.prepare << select << " WHERE id = :id",
                                                           soci::into(account), soci::use(id));
                                                      for (int i = 0; i < operations; ++i) {
                                                        id = some_id(i);
                                                        require(one.execute(true) && account.id == id);
                                                      }
                                                    });
                                                  }}});
  compare("filter and update in its own scope", operations,
          {{"SOCI", [&] {
              for (int i = 0; i < operations; ++i) {
                in_scope(pool, [&](soci::session& session) { update(session, some_id(i), "a new name for it"); });
              }
            }}});
}

}  // namespace

int main() {
  soci::connection_pool pool(1);
  soci::session& session = pool.at(0);
  session.open(soci::sqlite3, ":memory:");
  session << "CREATE TABLE accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, name TEXT, "
             "balance REAL NOT NULL, visits INTEGER NOT NULL)";
  std::vector<Account> all;
  for (std::int64_t id = 1; id <= rows; ++id) all.push_back(make_account(id));

  compare("insert 100,000 rows", rows,
          {{"SOCI",
            [&] {
              session << "DELETE FROM accounts";
              soci::transaction transaction(session);
              insert_all(session, all);
              transaction.commit();
            }}},
          7);
  compare("read 100,000 entities", rows, {{"SOCI", [&] { require(read_all(session).size() == all.size()); }}}, 11);
  points(pool);
}
