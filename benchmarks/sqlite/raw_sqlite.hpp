// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "account.hpp"

/// sqlite3 used well by hand: statements prepared once, values bound without copies, rows read straight into structs.
class RawSqlite {
 public:
  explicit RawSqlite(const char* file = ":memory:") {
    check(sqlite3_open_v2(file, &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr));
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=NORMAL");
    run("PRAGMA foreign_keys=ON");
    run("CREATE TABLE IF NOT EXISTS accounts (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL, name TEXT, "
        "balance REAL NOT NULL, visits INTEGER NOT NULL)");
    begin_ = prepare("BEGIN IMMEDIATE");
    commit_ = prepare("COMMIT");
    get_ = prepare("SELECT id, email, name, balance, visits FROM accounts WHERE id = ?");
    all_ = prepare("SELECT id, email, name, balance, visits FROM accounts");
    update_ = prepare("UPDATE accounts SET name = ? WHERE id = ?");
  }
  ~RawSqlite() {
    for (sqlite3_stmt* statement : {begin_, commit_, get_, all_, update_}) sqlite3_finalize(statement);
    sqlite3_close(db_);
  }

  void run(const char* sql) { check(sqlite3_exec(db_, sql, nullptr, nullptr, nullptr)); }
  void begin() { step_once(begin_); }
  void commit() { step_once(commit_); }

  Account get(std::int64_t id) {
    sqlite3_bind_int64(get_, 1, id);
    if (sqlite3_step(get_) != SQLITE_ROW) throw std::runtime_error("no row");
    Account account = read(get_);
    sqlite3_reset(get_);
    return account;
  }
  int update(std::int64_t id, const std::string& name) {
    sqlite3_bind_text(update_, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
    sqlite3_bind_int64(update_, 2, id);
    step_once(update_);
    return sqlite3_changes(db_);
  }
  std::vector<Account> all() {
    std::vector<Account> accounts;
    while (sqlite3_step(all_) == SQLITE_ROW) accounts.push_back(read(all_));
    sqlite3_reset(all_);
    return accounts;
  }
  void insert_all(const std::vector<Account>& accounts, std::size_t rows_per_statement) {
    std::string sql = "INSERT INTO accounts (id, email, name, balance, visits) VALUES ";
    for (std::size_t i = 0; i < rows_per_statement; ++i) sql += i == 0 ? "(?,?,?,?,?)" : ",(?,?,?,?,?)";
    sqlite3_stmt* const insert = prepare(sql.c_str());
    for (std::size_t row = 0; row + rows_per_statement <= accounts.size(); row += rows_per_statement) {
      int at = 1;
      for (std::size_t i = 0; i < rows_per_statement; ++i) at = bind(insert, at, accounts[row + i]);
      step_once(insert);
    }
    sqlite3_finalize(insert);
  }

 private:
  void check(int code) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(db_));
  }
  sqlite3_stmt* prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
  }
  void step_once(sqlite3_stmt* statement) {
    if (sqlite3_step(statement) != SQLITE_DONE) throw std::runtime_error(sqlite3_errmsg(db_));
    sqlite3_reset(statement);
  }
  static std::string text(sqlite3_stmt* statement, int column) {
    const char* const data = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
  }
  static Account read(sqlite3_stmt* statement) {
    Account account;
    account.id = sqlite3_column_int64(statement, 0);
    account.email = text(statement, 1);
    if (sqlite3_column_type(statement, 2) != SQLITE_NULL) account.name = text(statement, 2);
    account.balance = sqlite3_column_double(statement, 3);
    account.visits = sqlite3_column_int64(statement, 4);
    return account;
  }
  static int bind(sqlite3_stmt* statement, int at, const Account& account) {
    sqlite3_bind_int64(statement, at++, account.id);
    sqlite3_bind_text(statement, at++, account.email.data(), static_cast<int>(account.email.size()), SQLITE_STATIC);
    if (account.name) {
      sqlite3_bind_text(statement, at++, account.name->data(), static_cast<int>(account.name->size()), SQLITE_STATIC);
    } else {
      sqlite3_bind_null(statement, at++);
    }
    sqlite3_bind_double(statement, at++, account.balance);
    sqlite3_bind_int64(statement, at++, account.visits);
    return at;
  }

  sqlite3* db_ = nullptr;
  sqlite3_stmt* begin_ = nullptr;
  sqlite3_stmt* commit_ = nullptr;
  sqlite3_stmt* get_ = nullptr;
  sqlite3_stmt* all_ = nullptr;
  sqlite3_stmt* update_ = nullptr;
};
