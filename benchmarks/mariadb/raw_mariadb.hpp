// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <mysql.h>

#include "servers/candidate.hpp"

namespace benchmarks {

inline MYSQL_TIME time_of(const Account& account) {
  const auto days = std::chrono::floor<std::chrono::days>(account.created);
  const std::chrono::year_month_day date(days);
  const std::chrono::hh_mm_ss time(account.created - days);
  MYSQL_TIME value{};
  value.year = static_cast<unsigned>(static_cast<int>(date.year()));
  value.month = static_cast<unsigned>(date.month());
  value.day = static_cast<unsigned>(date.day());
  value.hour = static_cast<unsigned>(time.hours().count());
  value.minute = static_cast<unsigned>(time.minutes().count());
  value.second = static_cast<unsigned>(time.seconds().count());
  value.second_part = static_cast<unsigned long>(time.subseconds().count());
  return value;
}
#define RAW_MARIADB_SELECT "SELECT id, email, name, balance, visits, active, created, referrer FROM accounts"

/// libmariadb used well by hand: statements prepared once, buffers bound once and used again, rows read as they come,
/// autocommit off, so that no transaction has to be begun, and array binding for many rows.
class RawMariadb final : public Candidate {
 public:
  explicit RawMariadb(const Address& address) : db_(mysql_init(nullptr)) {
    const bool by_socket = !address.socket.empty();
    const unsigned protocol = by_socket ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP;
    mysql_optionsv(db_, MYSQL_OPT_PROTOCOL, &protocol);
    mysql_optionsv(db_, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (mysql_real_connect(db_, by_socket ? nullptr : address.host.c_str(), address.user.c_str(),
                           address.password.c_str(), address.database.c_str(), address.port,
                           by_socket ? address.socket.c_str() : nullptr, CLIENT_FOUND_ROWS) == nullptr) {
      fail();
    }
    run("SET time_zone = '+00:00'");
    get_ = prepare(RAW_MARIADB_SELECT " WHERE id = ?");
    all_ = prepare(RAW_MARIADB_SELECT);
    update_ = prepare("UPDATE accounts SET name = ? WHERE id = ?");
    insert_ = prepare(
        "INSERT INTO accounts (email, name, balance, visits, active, created, referrer) VALUES (?, ?, ?, ?, ?, ?, ?)");
    if (mysql_autocommit(db_, 0) != 0) fail();
  }
  ~RawMariadb() override {
    for (MYSQL_STMT* statement : {get_, all_, update_, insert_}) mysql_stmt_close(statement);
    mysql_close(db_);
  }

  std::string_view name() const override { return "raw libmariadb"; }

  Account get_in_scope(std::int64_t id) override {
    Account account = get(id);
    commit();
    return account;
  }
  Account get_in_reading_scope(std::int64_t id) override { return get_in_scope(id); }
  void begin() override {}
  Account get(std::int64_t id) override {
    long long key = id;
    MYSQL_BIND bind = number(MYSQL_TYPE_LONGLONG, key);
    execute(get_, &bind);
    bind_row(get_);
    require(mysql_stmt_fetch(get_) == 0);
    Account account = row_.read();
    require(mysql_stmt_fetch(get_) == MYSQL_NO_DATA);
    return account;
  }
  void commit() override {
    if (mysql_real_query(db_, "COMMIT", 6) != 0) fail();
  }
  std::size_t update_in_scope(std::int64_t id, const std::string& name) override {
    const std::size_t rows = update(id, name);
    commit();
    return rows;
  }
  std::int64_t insert_in_scope(const Account& account) override {
    Values values(account);
    std::array<MYSQL_BIND, 8> binds = values.binds();
    execute(insert_, &binds[1]);
    const auto id = static_cast<std::int64_t>(mysql_stmt_insert_id(insert_));
    commit();
    return id;
  }
  std::vector<Account> read_all() override {
    execute(all_, nullptr);
    bind_row(all_);
    std::vector<Account> accounts;
    while (mysql_stmt_fetch(all_) == 0) accounts.push_back(row_.read());
    commit();
    return accounts;
  }
  void add_all(const std::vector<Account>& accounts) override;
  void run_batch(std::int64_t first) override {
    const std::string name = "a new name for it";
    for (int i = 0; i < batch_size; ++i) require(update(some_id(first + i), name) == 1);
    commit();
  }

 private:
  /// A row's values, where the library looks for them.
  struct Values {
    explicit Values(const Account& from)
        : account(from),
          id(from.id),
          balance(from.balance),
          visits(from.visits),
          active(from.active ? 1 : 0),
          created(time_of(from)),
          referrer(from.referrer.value_or(0)) {}
    [[nodiscard]] std::array<MYSQL_BIND, 8> binds() {
      std::array<MYSQL_BIND, 8> binds{number(MYSQL_TYPE_LONGLONG, id),
                                      text(account.email),
                                      account.name ? text(*account.name) : null(),
                                      number(MYSQL_TYPE_DOUBLE, balance),
                                      number(MYSQL_TYPE_LONG, visits),
                                      number(MYSQL_TYPE_TINY, active),
                                      number(MYSQL_TYPE_DATETIME, created),
                                      account.referrer ? number(MYSQL_TYPE_LONGLONG, referrer) : null()};
      return binds;
    }
    const Account& account;
    long long id;
    double balance;
    int visits;
    signed char active;
    MYSQL_TIME created;
    long long referrer;
  };

  /// Where rows are read to.
  struct Row {
    [[nodiscard]] std::array<MYSQL_BIND, 8> binds() {
      std::array<MYSQL_BIND, 8> binds{number(MYSQL_TYPE_LONGLONG, id),
                                      room(email, email_size),
                                      room(name, name_size),
                                      number(MYSQL_TYPE_DOUBLE, balance),
                                      number(MYSQL_TYPE_LONG, visits),
                                      number(MYSQL_TYPE_TINY, active),
                                      number(MYSQL_TYPE_DATETIME, created),
                                      number(MYSQL_TYPE_LONGLONG, referrer)};
      binds[2].is_null = &has_no_name;
      binds[7].is_null = &has_no_referrer;
      return binds;
    }
    [[nodiscard]] Account read() const {
      using namespace std::chrono;
      require(email_size <= email.size() && name_size <= name.size());
      Account account;
      account.id = id;
      account.email.assign(email.data(), email_size);
      if (has_no_name == 0) account.name.emplace(name.data(), name_size);
      account.balance = balance;
      account.visits = visits;
      account.active = active != 0;
      account.created = sys_days(year(static_cast<int>(created.year)) / static_cast<int>(created.month) /
                                 static_cast<int>(created.day)) +
                        hours(created.hour) + minutes(created.minute) + seconds(created.second) +
                        microseconds(created.second_part);
      if (has_no_referrer == 0) account.referrer = referrer;
      return account;
    }
    long long id = 0;
    std::array<char, 256> email{};
    unsigned long email_size = 0;
    std::array<char, 256> name{};
    unsigned long name_size = 0;
    my_bool has_no_name = 0;
    double balance = 0;
    int visits = 0;
    signed char active = 0;
    MYSQL_TIME created{};
    long long referrer = 0;
    my_bool has_no_referrer = 0;
  };

  template <class T>
  static MYSQL_BIND number(enum_field_types type, T& value) {
    MYSQL_BIND bind{};
    bind.buffer_type = type;
    bind.buffer = &value;
    return bind;
  }
  static MYSQL_BIND text(const std::string& value) {
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = const_cast<char*>(value.data());
    bind.buffer_length = value.size();
    return bind;
  }
  static MYSQL_BIND room(std::array<char, 256>& text, unsigned long& size) {
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_STRING;
    bind.buffer = text.data();
    bind.buffer_length = text.size();
    bind.length = &size;
    return bind;
  }
  static MYSQL_BIND null() {
    MYSQL_BIND bind{};
    bind.buffer_type = MYSQL_TYPE_NULL;
    return bind;
  }

  [[noreturn]] void fail() const {
    std::fprintf(stderr, "raw libmariadb: %s\n", mysql_error(db_));
    std::abort();
  }
  [[noreturn]] static void fail(MYSQL_STMT* statement) {
    std::fprintf(stderr, "raw libmariadb: %s\n", mysql_stmt_error(statement));
    std::abort();
  }
  void run(const std::string& sql) {
    if (mysql_real_query(db_, sql.data(), sql.size()) != 0) fail();
  }
  MYSQL_STMT* prepare(const std::string& sql) {
    MYSQL_STMT* const statement = mysql_stmt_init(db_);
    if (mysql_stmt_prepare(statement, sql.data(), sql.size()) != 0) fail(statement);
    return statement;
  }
  static void execute(MYSQL_STMT* statement, MYSQL_BIND* values) {
    if (values != nullptr) mysql_stmt_bind_param(statement, values);
    if (mysql_stmt_execute(statement) != 0) fail(statement);
  }
  void bind_row(MYSQL_STMT* statement) {
    std::array<MYSQL_BIND, 8> binds = row_.binds();
    mysql_stmt_bind_result(statement, binds.data());
  }
  std::size_t update(std::int64_t id, const std::string& name) {
    long long key = id;
    MYSQL_BIND binds[] = {text(name), number(MYSQL_TYPE_LONGLONG, key)};
    execute(update_, binds);
    return mysql_stmt_affected_rows(update_);
  }

  MYSQL* db_;
  MYSQL_STMT* get_ = nullptr;
  MYSQL_STMT* all_ = nullptr;
  MYSQL_STMT* update_ = nullptr;
  MYSQL_STMT* insert_ = nullptr;
  Row row_;
};

/// Rows of a table as columns, for array binding.
struct MariadbColumns {
  void take(const Account* first, std::size_t count) {
    rows = count;
    for (std::size_t i = 0; i < count; ++i) {
      const Account& account = first[i];
      ids[i] = account.id;
      emails[i] = account.email.data();
      email_sizes[i] = account.email.size();
      names[i] = account.name ? account.name->data() : "";
      name_sizes[i] = account.name ? account.name->size() : 0;
      no_names[i] = account.name ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL;
      balances[i] = account.balance;
      visits[i] = account.visits;
      active[i] = account.active ? 1 : 0;
      times[i] = time_of(account);
      created[i] = &times[i];
      referrers[i] = account.referrer.value_or(0);
      no_referrers[i] = account.referrer ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL;
    }
  }
  void bind(MYSQL_STMT* statement) {
    std::array<MYSQL_BIND, 8> binds{};
    const auto set = [&](std::size_t column, enum_field_types type, void* values) {
      binds[column].buffer_type = type;
      binds[column].buffer = values;
    };
    set(0, MYSQL_TYPE_LONGLONG, ids.data());
    set(1, MYSQL_TYPE_STRING, emails.data());
    binds[1].length = email_sizes.data();
    set(2, MYSQL_TYPE_STRING, names.data());
    binds[2].length = name_sizes.data();
    binds[2].u.indicator = no_names.data();
    set(3, MYSQL_TYPE_DOUBLE, balances.data());
    set(4, MYSQL_TYPE_LONG, visits.data());
    set(5, MYSQL_TYPE_TINY, active.data());
    set(6, MYSQL_TYPE_DATETIME, created.data());
    set(7, MYSQL_TYPE_LONGLONG, referrers.data());
    binds[7].u.indicator = no_referrers.data();
    mysql_stmt_bind_param(statement, binds.data());
  }

  static constexpr std::size_t most = 1000;
  std::size_t rows = 0;
  std::array<long long, most> ids{};
  std::array<const char*, most> emails{};
  std::array<unsigned long, most> email_sizes{};
  std::array<const char*, most> names{};
  std::array<unsigned long, most> name_sizes{};
  std::array<char, most> no_names{};
  std::array<double, most> balances{};
  std::array<int, most> visits{};
  std::array<signed char, most> active{};
  std::array<MYSQL_TIME, most> times{};
  std::array<const MYSQL_TIME*, most> created{};  // as texts: by their places
  std::array<long long, most> referrers{};
  std::array<char, most> no_referrers{};
};

inline void RawMariadb::add_all(const std::vector<Account>& accounts) {
  MYSQL_STMT* const statement = prepare(
      "INSERT INTO accounts (id, email, name, balance, visits, active, created, referrer) VALUES "
      "(?, ?, ?, ?, ?, ?, ?, ?)");
  const auto columns = std::make_unique<MariadbColumns>();
  for (std::size_t row = 0; row < accounts.size(); row += columns->rows) {
    columns->take(&accounts[row], std::min(MariadbColumns::most, accounts.size() - row));
    const auto size = static_cast<unsigned>(columns->rows);
    mysql_stmt_attr_set(statement, STMT_ATTR_ARRAY_SIZE, &size);
    columns->bind(statement);
    if (mysql_stmt_execute(statement) != 0) fail(statement);
  }
  mysql_stmt_close(statement);
  commit();
}

}  // namespace benchmarks
