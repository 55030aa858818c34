// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdio>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <libpq-fe.h>

#include "servers/candidate.hpp"

namespace benchmarks {

using ResultPtr = std::unique_ptr<PGresult, decltype(&PQclear)>;

template <class T>
T from_network(const char* bytes) {
  std::make_unsigned_t<T> value{};
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(value));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(value));
}

#define SELECT_ACCOUNTS "SELECT id, email, name, balance, visits, active, created, referrer FROM accounts"

/// Seconds between the epochs of Unix and PostgreSQL.
inline constexpr std::int64_t epoch = 946'684'800;

/// libpq used well by hand: statements prepared once, values and rows in binary, BEGIN in the packet of the first
/// statement, COPY for many rows, the pipeline for a batch.
class RawPostgresql final : public Candidate {
 public:
  explicit RawPostgresql(const Address& address) {
    const std::string port = std::to_string(address.port);
    const char* const keys[] = {"host", "port", "user", "password", "dbname", "sslmode", nullptr};
    const std::string& host = address.socket.empty() ? address.host : address.socket;
    const char* const values[] = {
        host.c_str(), port.c_str(), address.user.c_str(), address.password.c_str(), address.database.c_str(),
        "disable",    nullptr};
    db_ = PQconnectdbParams(keys, values, 0);
    if (PQstatus(db_) != CONNECTION_OK) fail();
    run("SET TimeZone = 'UTC'");
    prepare("get", SELECT_ACCOUNTS " WHERE id = $1", {int8});
    prepare("all", SELECT_ACCOUNTS, {});
    prepare("update", "UPDATE accounts SET name = $1 WHERE id = $2", {text, int8});
    prepare("insert",
            "INSERT INTO accounts (email, name, balance, visits, active, created, referrer) VALUES "
            "($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            {text, text, float8, int4, boolean, timestamptz, int8});
  }
  ~RawPostgresql() override { PQfinish(db_); }

  std::string_view name() const override { return "raw libpq"; }
  void run(const char* sql) { check(PQexec(db_, sql), PGRES_COMMAND_OK); }

  Account get_in_scope(std::int64_t id) override {
    const Number key(id);
    Account account = read(*begin_with("get", key.parameters(), PGRES_TUPLES_OK), 0);
    run("COMMIT");
    return account;
  }
  Account get_in_reading_scope(std::int64_t id) override { return get(id); }
  void begin() override { run("BEGIN"); }
  Account get(std::int64_t id) override {
    const Number key(id);
    const ResultPtr result = check(execute("get", key.parameters()), PGRES_TUPLES_OK);
    require(PQntuples(result.get()) == 1);
    return read(*result, 0);
  }
  void commit() override { run("COMMIT"); }
  std::size_t update_in_scope(std::int64_t id, const std::string& name) override {
    const Update update(name, id);
    const ResultPtr result = begin_with("update", update.parameters(), PGRES_COMMAND_OK);
    run("COMMIT");
    return std::strtoul(PQcmdTuples(result.get()), nullptr, 10);
  }
  std::int64_t insert_in_scope(const Account& account) override {
    const std::uint64_t balance = __builtin_bswap64(std::bit_cast<std::uint64_t>(account.balance));
    const auto visits = __builtin_bswap32(static_cast<std::uint32_t>(account.visits));
    const char active = account.active ? '\1' : '\0';
    const std::uint64_t created = network_time(account);
    const std::uint64_t referrer = __builtin_bswap64(static_cast<std::uint64_t>(account.referrer.value_or(0)));
    const char* const values[] = {account.email.data(),
                                  account.name ? account.name->data() : nullptr,
                                  reinterpret_cast<const char*>(&balance),
                                  reinterpret_cast<const char*>(&visits),
                                  &active,
                                  reinterpret_cast<const char*>(&created),
                                  account.referrer ? reinterpret_cast<const char*>(&referrer) : nullptr};
    const int lengths[] = {
        static_cast<int>(account.email.size()), static_cast<int>(account.name.value_or("").size()), 8, 4, 1, 8, 8};
    constexpr int formats[] = {1, 1, 1, 1, 1, 1, 1};
    const ResultPtr result = begin_with("insert", {7, values, lengths, formats}, PGRES_TUPLES_OK);
    run("COMMIT");
    return from_network<std::int64_t>(PQgetvalue(result.get(), 0, 0));
  }
  std::vector<Account> read_all() override {
    const ResultPtr result = check(execute("all", {}), PGRES_TUPLES_OK);
    std::vector<Account> accounts;
    const int rows = PQntuples(result.get());
    accounts.reserve(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) accounts.push_back(read(*result, row));
    return accounts;
  }
  void add_all(const std::vector<Account>& accounts) override {
    check(PQexec(db_, "BEGIN; COPY accounts FROM STDIN (FORMAT binary)"), PGRES_COPY_IN);
    std::string rows("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
    for (const Account& account : accounts) {
      append(rows, account);
      if (rows.size() > 64 * 1024) put(rows);
    }
    rows.append("\377\377", 2);
    put(rows);
    if (PQputCopyEnd(db_, nullptr) != 1) fail();
    check(PQgetResult(db_), PGRES_COMMAND_OK);
    if (PQgetResult(db_) != nullptr) fail();
    run("COMMIT");
  }
  void run_batch(std::int64_t first) override {
    const std::string name = "a new name for it";
    PQenterPipelineMode(db_);
    PQsendQueryParams(db_, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 1);
    for (int i = 0; i < batch_size; ++i) {
      const Update update(name, some_id(first + i));
      send("update", update.parameters());
    }
    PQpipelineSync(db_);
    take(PGRES_COMMAND_OK);
    for (int i = 0; i < batch_size; ++i) {
      require(std::strcmp(PQcmdTuples(take(PGRES_COMMAND_OK).get()), "1") == 0);
    }
    end_pipeline();
    run("COMMIT");
  }

 private:
  static constexpr Oid boolean = 16, int8 = 20, int4 = 23, text = 25, float8 = 701, timestamptz = 1184;

  struct Parameters {
    int count = 0;
    const char* const* values = nullptr;
    const int* lengths = nullptr;
    const int* formats = nullptr;
  };
  struct Number {
    explicit Number(std::int64_t number) : bits(__builtin_bswap64(static_cast<std::uint64_t>(number))) {}
    [[nodiscard]] Parameters parameters() const { return {1, &value, &length, &format}; }
    std::uint64_t bits;
    const char* value = reinterpret_cast<const char*>(&bits);
    int length = 8;
    int format = 1;
  };
  struct Update {
    Update(const std::string& name, std::int64_t id)
        : bits(__builtin_bswap64(static_cast<std::uint64_t>(id))),
          values{name.data(), reinterpret_cast<const char*>(&bits)},
          lengths{static_cast<int>(name.size()), 8} {}
    [[nodiscard]] Parameters parameters() const { return {2, values.data(), lengths.data(), formats.data()}; }
    std::uint64_t bits;
    std::array<const char*, 2> values;
    std::array<int, 2> lengths;
    std::array<int, 2> formats{1, 1};
  };

  [[noreturn]] void fail() const {
    std::fprintf(stderr, "raw libpq: %s\n", PQerrorMessage(db_));
    std::abort();
  }
  ResultPtr check(PGresult* result, ExecStatusType expected) const {
    if (PQresultStatus(result) != expected) fail();
    return {result, &PQclear};
  }
  void prepare(const char* name, const char* sql, const std::vector<Oid>& types) {
    check(PQprepare(db_, name, sql, static_cast<int>(types.size()), types.data()), PGRES_COMMAND_OK);
  }
  PGresult* execute(const char* name, const Parameters& with) {
    return PQexecPrepared(db_, name, with.count, with.values, with.lengths, with.formats, 1);
  }
  void send(const char* name, const Parameters& with) {
    require(PQsendQueryPrepared(db_, name, with.count, with.values, with.lengths, with.formats, 1) == 1);
  }
  ResultPtr take(ExecStatusType expected) {
    ResultPtr result = check(PQgetResult(db_), expected);
    require(PQgetResult(db_) == nullptr);
    return result;
  }
  void end_pipeline() {
    check(PQgetResult(db_), PGRES_PIPELINE_SYNC);
    require(PQexitPipelineMode(db_) == 1);
  }
  ResultPtr begin_with(const char* name, const Parameters& with, ExecStatusType expected) {
    PQenterPipelineMode(db_);
    PQsendQueryParams(db_, "BEGIN", 0, nullptr, nullptr, nullptr, nullptr, 1);
    send(name, with);
    PQpipelineSync(db_);
    take(PGRES_COMMAND_OK);
    ResultPtr result = take(expected);
    end_pipeline();
    return result;
  }
  static std::string text_of(const PGresult& result, int row, int column) {
    return {PQgetvalue(&result, row, column), static_cast<std::size_t>(PQgetlength(&result, row, column))};
  }
  static Account read(const PGresult& result, int row) {
    using std::chrono::microseconds;
    Account account;
    account.id = from_network<std::int64_t>(PQgetvalue(&result, row, 0));
    account.email = text_of(result, row, 1);
    if (PQgetisnull(&result, row, 2) == 0) account.name = text_of(result, row, 2);
    account.balance = std::bit_cast<double>(from_network<std::int64_t>(PQgetvalue(&result, row, 3)));
    account.visits = from_network<std::int32_t>(PQgetvalue(&result, row, 4));
    account.active = *PQgetvalue(&result, row, 5) != 0;
    account.created += microseconds(from_network<std::int64_t>(PQgetvalue(&result, row, 6)) + epoch * 1'000'000);
    if (PQgetisnull(&result, row, 7) == 0) account.referrer = from_network<std::int64_t>(PQgetvalue(&result, row, 7));
    return account;
  }
  static std::uint64_t network_time(const Account& account) {
    return __builtin_bswap64(
        static_cast<std::uint64_t>(account.created.time_since_epoch().count() - epoch * 1'000'000));
  }
  template <class T>
  static void append_field(std::string& row, T network_order) {
    const auto size = __builtin_bswap32(sizeof network_order);
    row.append(reinterpret_cast<const char*>(&size), sizeof size);
    row.append(reinterpret_cast<const char*>(&network_order), sizeof network_order);
  }
  static void append_field(std::string& row, const std::string& text) {
    const auto size = __builtin_bswap32(static_cast<std::uint32_t>(text.size()));
    row.append(reinterpret_cast<const char*>(&size), sizeof size);
    row += text;
  }
  static void append_null(std::string& row) { row.append("\377\377\377\377", 4); }
  static void append(std::string& row, const Account& account) {
    row.append("\0\10", 2);
    append_field(row, __builtin_bswap64(static_cast<std::uint64_t>(account.id)));
    append_field(row, account.email);
    account.name ? append_field(row, *account.name) : append_null(row);
    append_field(row, __builtin_bswap64(std::bit_cast<std::uint64_t>(account.balance)));
    append_field(row, __builtin_bswap32(static_cast<std::uint32_t>(account.visits)));
    append_field(row, account.active ? '\1' : '\0');
    append_field(row, network_time(account));
    account.referrer ? append_field(row, __builtin_bswap64(static_cast<std::uint64_t>(*account.referrer)))
                     : append_null(row);
  }
  void put(std::string& rows) {
    if (PQputCopyData(db_, rows.data(), static_cast<int>(rows.size())) != 1) fail();
    rows.clear();
  }

  PGconn* db_ = nullptr;
};

}  // namespace benchmarks
