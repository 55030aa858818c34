// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "candidate.hpp"

template <>
struct core_lib::Entity<Account> : core_lib::entity<"accounts", core_lib::key<&Account::id>> {};

namespace accounts {
constexpr auto id = core_lib::col<&Account::id>;
constexpr auto name = core_lib::col<&Account::name>;
}  // namespace accounts

namespace benchmarks {

/// The same code on every engine.
class CoreLibCandidate final : public Candidate {
 public:
  /// @param batch_sql  an UPDATE with the engine's placeholders
  CoreLibCandidate(std::unique_ptr<core_lib::sql::driver::Driver> driver, std::string batch_sql)
      : db_(std::move(driver), one_connection()), batch_sql_(std::move(batch_sql)) {}

  std::string_view name() const override { return "core_lib"; }
  [[nodiscard]] core_lib::SqlConnectionRegistry& registry() { return db_; }

  Account get_in_scope(std::int64_t id) override {
    return db_.with([&](Session& session) { return session.query<Account>().get_one(id); });
  }
  Account get_in_reading_scope(std::int64_t id) override {
    return db_.with({.access = core_lib::read_only},
                    [&](Session& session) { return session.query<Account>().get_one(id); });
  }
  void begin() override { scope_.emplace(db_); }
  Account get(std::int64_t id) override { return scope_->session.query<Account>().get_one(id); }
  void commit() override {
    scope_->connection.exit(nullptr);
    scope_.reset();
  }
  std::size_t update_in_scope(std::int64_t id, const std::string& name) override {
    return db_.with([&](Session& session) {
      return session.query<Account>().filter(accounts::id == id).update(accounts::name = name);
    });
  }
  std::int64_t insert_in_scope(const Account& account) override {
    return db_.with([&](Session& session) { return session.add(Account(account)).id; });
  }
  std::vector<Account> read_all() override {
    return db_.with({.access = core_lib::read_only}, [](Session& session) { return session.query<Account>().all(); });
  }
  void add_all(const std::vector<Account>& accounts) override {
    db_.with([&](Session& session) { require(session.add_all(accounts) == accounts.size()); });
  }
  void run_batch(std::int64_t first) override {
    core_lib::sql::Batch batch;
    for (int i = 0; i < batch_size; ++i) batch.add(batch_sql_, "a new name for it", some_id(first + i));
    db_.with([&](Session& session) {
      for (const auto& result : session.execute(batch)) require(result.rows_matched() == 1);
    });
  }

 private:
  using Session = core_lib::sql::Session;
  struct Scope {
    explicit Scope(core_lib::SqlConnectionRegistry& db) : connection(db.get()), session(connection.enter()) {}
    core_lib::SqlConnection connection;
    Session& session;
  };

  static core_lib::SqlOptions one_connection() {
    core_lib::SqlOptions options;
    options.pool.max_size = 1;
    options.pool.max_overflow = 0;
    return options;
  }

  core_lib::SqlConnectionRegistry db_;
  std::string batch_sql_;
  std::optional<Scope> scope_;
};

}  // namespace benchmarks
