// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <soci/soci.h>

#include "candidate.hpp"

namespace soci {

template <>
struct type_conversion<Account> {
  using base_type = values;

  static void from_base(const values& from, indicator, Account& account) {
    account.id = from.get<long long>("id");
    account.email = from.get<std::string>("email");
    account.name.reset();
    if (from.get_indicator("name") != i_null) account.name = from.get<std::string>("name");
    account.balance = from.get<double>("balance");
    account.visits = from.get<int>("visits");
    account.active = from.get<int>("active") != 0;
    std::tm created = from.get<std::tm>("created");  // SOCI knows seconds
    account.created = std::chrono::sys_seconds(std::chrono::seconds(timegm(&created)));
    account.referrer.reset();
    if (from.get_indicator("referrer") != i_null) account.referrer = from.get<long long>("referrer");
  }
};

}  // namespace soci

namespace benchmarks {

/// SOCI as its manual advises: a session from a pool for each scope, statements prepared once where one scope runs them
/// often, values bound by name.
class SociCandidate final : public Candidate {
 public:
  SociCandidate(const soci::backend_factory& backend, const std::string& parameters, bool has_returning)
      : has_returning_(has_returning) {
    pool_.at(0).open(backend, parameters);
  }

  std::string_view name() const override { return "SOCI"; }

  Account get_in_scope(std::int64_t id) override {
    soci::session session(pool_);
    soci::transaction transaction(session);
    Account account = select(session, id);
    transaction.commit();
    return account;
  }
  Account get_in_reading_scope(std::int64_t id) override {
    soci::session session(pool_);
    return select(session, id);
  }
  void begin() override { scope_.emplace(pool_); }
  Account get(std::int64_t id) override {
    if (!scope_->select) scope_->prepare();
    scope_->id = id;
    require(scope_->select->execute(true));
    return scope_->account;
  }
  void commit() override {
    scope_->transaction.commit();
    scope_.reset();
  }
  std::size_t update_in_scope(std::int64_t id, const std::string& name) override {
    soci::session session(pool_);
    soci::transaction transaction(session);
    soci::statement update = (session.prepare << update_sql, soci::use(name, "name"), soci::use(id, "id"));
    update.execute(true);
    const auto rows = static_cast<std::size_t>(update.get_affected_rows());
    transaction.commit();
    return rows;
  }
  std::int64_t insert_in_scope(const Account& account) override {
    soci::session session(pool_);
    soci::transaction transaction(session);
    Insert row(account);
    long long id = 0;
    if (has_returning_) {
      session << insert_sql << " RETURNING id", soci::into(id), soci::use(row.email), soci::use(row.name, row.has_name),
          soci::use(row.balance), soci::use(row.visits), soci::use(row.active), soci::use(row.created),
          soci::use(row.referrer, row.has_referrer);
    } else {
      soci::statement insert = (session.prepare << insert_sql, soci::use(row.email), soci::use(row.name, row.has_name),
                                soci::use(row.balance), soci::use(row.visits), soci::use(row.active),
                                soci::use(row.created), soci::use(row.referrer, row.has_referrer));
      insert.execute(true);
      require(session.get_last_insert_id("accounts", id));
    }
    transaction.commit();
    return id;
  }
  std::vector<Account> read_all() override {
    soci::session session(pool_);
    std::vector<Account> accounts;
    const soci::rowset<Account> found = session.prepare << select_sql;
    for (const Account& account : found) accounts.push_back(account);
    return accounts;
  }
  void add_all(const std::vector<Account>& accounts) override {
    soci::session session(pool_);
    soci::transaction transaction(session);
    Insert row;
    long long id = 0;
    soci::statement insert =
        (session.prepare << "INSERT INTO accounts (id, email, name, balance, visits, active, created, referrer) VALUES "
                            "(:id, :email, :name, :balance, :visits, :active, :created, :referrer)",
         soci::use(id), soci::use(row.email), soci::use(row.name, row.has_name), soci::use(row.balance),
         soci::use(row.visits), soci::use(row.active), soci::use(row.created),
         soci::use(row.referrer, row.has_referrer));
    for (const Account& account : accounts) {
      id = account.id;
      row.take(account);
      insert.execute(true);
    }
    transaction.commit();
  }
  void run_batch(std::int64_t first) override {
    soci::session session(pool_);
    soci::transaction transaction(session);
    const std::string name = "a new name for it";
    long long id = 0;
    soci::statement update = (session.prepare << update_sql, soci::use(name, "name"), soci::use(id, "id"));
    for (int i = 0; i < batch_size; ++i) {
      id = some_id(first + i);
      update.execute(true);
      require(update.get_affected_rows() == 1);
    }
    transaction.commit();
  }

 private:
  static constexpr const char* select_sql =
      "SELECT id, email, name, balance, visits, active, created, referrer FROM accounts";
  static constexpr const char* update_sql = "UPDATE accounts SET name = :name WHERE id = :id";
  static constexpr const char* insert_sql =
      "INSERT INTO accounts (email, name, balance, visits, active, created, referrer) VALUES "
      "(:email, :name, :balance, :visits, :active, :created, :referrer)";

  /// A row's values, where SOCI looks for them.
  struct Insert {
    Insert() = default;
    explicit Insert(const Account& account) { take(account); }
    void take(const Account& account) {
      email = account.email;
      has_name = account.name ? soci::i_ok : soci::i_null;
      name = account.name.value_or("");
      balance = account.balance;
      visits = account.visits;
      active = account.active ? 1 : 0;
      const std::time_t seconds = std::chrono::system_clock::to_time_t(account.created);
      gmtime_r(&seconds, &created);
      has_referrer = account.referrer ? soci::i_ok : soci::i_null;
      referrer = account.referrer.value_or(0);
    }
    std::string email;
    std::string name;
    soci::indicator has_name = soci::i_ok;
    double balance = 0;
    int visits = 0;
    int active = 0;
    std::tm created{};
    soci::indicator has_referrer = soci::i_ok;
    long long referrer = 0;
  };
  struct Scope {
    explicit Scope(soci::connection_pool& pool) : session(pool), transaction(session) {}
    void prepare() {
      select.emplace((session.prepare << select_sql << " WHERE id = :id", soci::into(account), soci::use(id)));
    }
    soci::session session;
    soci::transaction transaction;
    long long id = 0;
    Account account;
    std::optional<soci::statement> select;
  };

  static Account select(soci::session& session, long long id) {
    Account account;
    session << select_sql << " WHERE id = :id", soci::into(account), soci::use(id, "id");
    return account;
  }

  soci::connection_pool pool_{1};
  bool has_returning_;
  std::optional<Scope> scope_;
};

}  // namespace benchmarks
