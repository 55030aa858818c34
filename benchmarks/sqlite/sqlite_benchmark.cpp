// SPDX-License-Identifier: Apache-2.0
// core_lib on SQLite in memory beside sqlite3 written well by hand: same statements, same transactions, same structs.
#include <atomic>
#include <cstdlib>
#include <new>
#include <vector>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

#include "account.hpp"
#include "raw_sqlite.hpp"
#include "support/report.hpp"

template <>
struct core_lib::Entity<Account> : core_lib::entity<"accounts", core_lib::key<&Account::id>> {};

namespace accounts {
constexpr auto id = core_lib::col<&Account::id>;
constexpr auto name = core_lib::col<&Account::name>;
}  // namespace accounts

namespace {
std::atomic<std::size_t> allocations{0};
}

void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

using benchmarks::compare;
using core_lib::sql::Session;

constexpr std::int64_t rows = 100'000;
constexpr std::int64_t operations = 20'000;

std::int64_t some_id(std::int64_t i) { return 1 + (i * 7919) % rows; }
void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<Account> make_accounts() {
  std::vector<Account> accounts;
  for (std::int64_t id = 1; id <= rows; ++id) accounts.push_back(make_account(id));
  return accounts;
}

void points(RawSqlite& raw, core_lib::SqlConnectionRegistry& db) {
  compare("get in its own scope", operations,
          {{"raw sqlite3",
            [&] {
              for (std::int64_t i = 0; i < operations; ++i) {
                raw.begin();
                require(raw.get(some_id(i)).id == some_id(i));
                raw.commit();
              }
            }},
           {"core_lib", [&] {
              for (std::int64_t i = 0; i < operations; ++i) {
                const auto found = db.with([&](Session& session) { return session.query<Account>().get(some_id(i)); });
                require(found && found->id == some_id(i));
              }
            }}});
  compare("get in one transaction", operations,
          {{"raw sqlite3",
            [&] {
              raw.begin();
              for (std::int64_t i = 0; i < operations; ++i) require(raw.get(some_id(i)).id == some_id(i));
              raw.commit();
            }},
           {"core_lib", [&] {
              db.with([&](Session& session) {
                for (std::int64_t i = 0; i < operations; ++i) {
                  require(session.query<Account>().get(some_id(i))->id == some_id(i));
                }
              });
            }}});
  compare("filter and update in its own scope", operations,
          {{"raw sqlite3",
            [&] {
              for (std::int64_t i = 0; i < operations; ++i) {
                raw.begin();
                require(raw.update(some_id(i), "a new name for it") == 1);
                raw.commit();
              }
            }},
           {"core_lib", [&] {
              for (std::int64_t i = 0; i < operations; ++i) {
                require(db.with([&](Session& session) {
                  return session.query<Account>()
                      .filter(accounts::id == some_id(i))
                      .update(accounts::name = "a new name for it");
                }) == 1);
              }
            }}});
}

void bulk(RawSqlite& raw, core_lib::SqlConnectionRegistry& db, const std::vector<Account>& all) {
  compare("insert 100,000 rows", static_cast<std::size_t>(rows),
          {{"raw sqlite3",
            [&] {
              raw.run("DELETE FROM accounts");
              raw.begin();
              raw.insert_all(all, 125);  // 125 divides 100,000, so that no remainder needs a second statement
              raw.commit();
            }},
           {"core_lib",
            [&] {
              db.with([](Session& session) { session.query<Account>().all_rows().remove(); });
              db.with([&](Session& session) { require(session.add_all(all) == all.size()); });
            }}},
          7);
  compare("read 100,000 entities", static_cast<std::size_t>(rows),
          {{"raw sqlite3", [&] { require(raw.all().size() == all.size()); }},
           {"core_lib",
            [&] {
              require(db.with([](Session& session) { return session.query<Account>().all(); }).size() == all.size());
            }}},
          11);
}

void count_allocations(RawSqlite& raw, core_lib::SqlConnectionRegistry& db) {
  const auto per_get = [](auto&& get) {
    for (std::int64_t i = 0; i < 100; ++i) get(some_id(i));
    const std::size_t before = allocations;
    for (std::int64_t i = 0; i < 1000; ++i) get(some_id(i));
    return static_cast<double>(allocations - before) / 1000;
  };
  benchmarks::report("get in one transaction", "raw sqlite3", "heap allocations",
                     per_get([&](std::int64_t id) { require(raw.get(id).id == id); }), "each");
  db.with([&](Session& session) {
    benchmarks::report("get in one transaction", "core_lib", "heap allocations",
                       per_get([&](std::int64_t id) { require(session.query<Account>().get(id)->id == id); }), "each");
  });
}

}  // namespace

int main() {
  RawSqlite raw;
  core_lib::SqlConnectionRegistry db(core_lib::sql::make_sqlite_driver());
  db.create_db<Account>();
  const std::vector<Account> all = make_accounts();
  bulk(raw, db, all);
  points(raw, db);
  count_allocations(raw, db);
}
