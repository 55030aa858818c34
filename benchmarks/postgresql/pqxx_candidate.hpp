// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include <pqxx/pqxx>

#include "servers/candidate.hpp"

namespace benchmarks {

/// libpqxx 6 with statements prepared once, and stream_to for many rows. Its rows come as text.
class PqxxCandidate final : public Candidate {
 public:
  explicit PqxxCandidate(const std::string& parameters) : db_(parameters) {
    db_.set_variable("TimeZone", "'UTC'");
    db_.prepare("get", std::string(select_sql) + " WHERE id = $1");
    db_.prepare("all", select_sql);
    db_.prepare("update", "UPDATE accounts SET name = $1 WHERE id = $2");
    db_.prepare("insert",
                "INSERT INTO accounts (email, name, balance, visits, active, created, referrer) VALUES "
                "($1, $2, $3, $4, $5, $6, $7) RETURNING id");
  }

  std::string_view name() const override { return "libpqxx"; }

  Account get_in_scope(std::int64_t id) override {
    pqxx::work work(db_);
    Account account = read(work.exec_prepared1("get", id));
    work.commit();
    return account;
  }
  Account get_in_reading_scope(std::int64_t id) override {
    pqxx::nontransaction work(db_);
    return read(work.exec_prepared1("get", id));
  }
  void begin() override { work_.emplace(db_); }
  Account get(std::int64_t id) override { return read(work_->exec_prepared1("get", id)); }
  void commit() override {
    work_->commit();
    work_.reset();
  }
  std::size_t update_in_scope(std::int64_t id, const std::string& name) override {
    pqxx::work work(db_);
    const std::size_t rows = work.exec_prepared0("update", name, id).affected_rows();
    work.commit();
    return rows;
  }
  std::int64_t insert_in_scope(const Account& account) override {
    pqxx::work work(db_);
    const std::string created = text_of(account.created);
    const auto id = work.exec_prepared1("insert", account.email, account.name ? account.name->c_str() : nullptr,
                                        account.balance, account.visits, account.active, created,
                                        account.referrer ? std::to_string(*account.referrer).c_str() : nullptr)[0]
                        .as<long long>();
    work.commit();
    return id;
  }
  std::vector<Account> read_all() override {
    pqxx::nontransaction work(db_);
    std::vector<Account> accounts;
    for (const pqxx::row& row : work.exec_prepared("all")) accounts.push_back(read(row));
    return accounts;
  }
  void add_all(const std::vector<Account>& accounts) override {
    pqxx::work work(db_);
    pqxx::stream_to stream(work, "accounts");
    for (const Account& account : accounts) {
      stream << std::make_tuple(account.id, account.email, account.name ? account.name->c_str() : nullptr,
                                account.balance, account.visits, account.active, text_of(account.created),
                                account.referrer ? std::to_string(*account.referrer).c_str() : nullptr);
    }
    stream.complete();
    work.commit();
  }
  void run_batch(std::int64_t first) override {
    pqxx::work work(db_);
    for (int i = 0; i < batch_size; ++i) {
      require(work.exec_prepared0("update", "a new name for it", some_id(first + i)).affected_rows() == 1);
    }
    work.commit();
  }

 private:
  static constexpr const char* select_sql =
      "SELECT id, email, name, balance, visits, active, created, referrer FROM accounts";

  static Account read(const pqxx::row& row) {
    Account account;
    account.id = row[0].as<long long>();
    account.email = std::string(row[1].c_str(), row[1].size());
    if (!row[2].is_null()) account.name = std::string(row[2].c_str(), row[2].size());
    account.balance = row[3].as<double>();
    account.visits = row[4].as<int>();
    account.active = row[5].as<bool>();
    account.created = instant_of(row[6].c_str());
    if (!row[7].is_null()) account.referrer = row[7].as<long long>();
    return account;
  }
  /// It has no times of its own. To seconds, which is all that the rows hold.
  static std::chrono::sys_seconds instant_of(const char* text) {
    std::tm time{};
    strptime(text, "%Y-%m-%d %H:%M:%S", &time);
    return std::chrono::sys_seconds(std::chrono::seconds(timegm(&time)));
  }
  static std::string text_of(std::chrono::system_clock::time_point instant) {
    const std::time_t seconds = std::chrono::system_clock::to_time_t(instant);
    std::tm time{};
    gmtime_r(&seconds, &time);
    char text[32];
    return {text, std::strftime(text, sizeof text, "%F %T+00", &time)};
  }

  pqxx::connection db_;
  std::optional<pqxx::work> work_;
};

}  // namespace benchmarks
