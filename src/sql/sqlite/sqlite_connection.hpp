// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <string>

#include <sqlite3.h>

#include "core_lib/sql/driver/connection.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace core_lib::sql::sqlite {

class SqliteConnection final : public driver::Connection {
 public:
  /// Opens the file and sets it up. Errors: as Driver::connect().
  SqliteConnection(const SqliteOptions& options, Access access, Deadline deadline);
  ~SqliteConnection() override;
  SqliteConnection(const SqliteConnection&) = delete;
  SqliteConnection& operator=(const SqliteConnection&) = delete;

  std::unique_ptr<driver::Statement> prepare(std::string_view sql) override;
  void begin(const driver::TransactionOptions& options) override;
  void commit() override;
  void rollback() override;
  bool in_transaction() const noexcept override { return sqlite3_get_autocommit(db_) == 0; }
  void set_deadline(Deadline deadline) noexcept override;
  void cancel() noexcept override { sqlite3_interrupt(db_); }
  void ping() override;
  bool is_usable() noexcept override { return usable_; }
  bool is_clean() noexcept override { return usable_ && !in_transaction(); }
  std::string server_version() const override;

  [[nodiscard]] sqlite3* handle() const noexcept { return db_; }
  [[nodiscard]] std::int64_t total_changes() const noexcept { return sqlite3_total_changes64(db_); }
  [[nodiscard]] std::uint64_t changes() const noexcept { return static_cast<std::uint64_t>(sqlite3_changes64(db_)); }
  /// Ends what a reading transaction left behind, where a statement is about to run outside of any.
  void leave_reading_scope() {
    if (refuses_writes_ && !only_reads_ && !in_transaction()) refuse_writes(false);
  }
  /// Throws what a failed call stands for, the passed deadline where that is the reason.
  [[noreturn]] void throw_failed(int code, std::string_view attempt);

 private:
  enum class Fixed { begin, begin_immediate, commit, rollback, ping, count };

  void open(const std::string& path, bool in_memory);
  void set_up(bool in_memory, Access access);
  void run(const char* sql, std::string_view attempt);
  int run(Fixed which) noexcept;
  void refuse_writes(bool refuse);
  static int on_busy(void* self, int attempts) noexcept;
  static int on_progress(void* self) noexcept;

  std::string description_;
  std::chrono::milliseconds busy_timeout_;
  sqlite3* db_ = nullptr;
  sqlite3_stmt* fixed_[static_cast<std::size_t>(Fixed::count)] = {};
  Deadline deadline_;
  std::chrono::steady_clock::time_point busy_since_;
  bool watched_ = false;  // a progress handler is installed
  bool deadline_hit_ = false;
  bool refuses_writes_ = false;
  bool only_reads_;  // a connection of the readers
  bool usable_ = true;
};

}  // namespace core_lib::sql::sqlite
