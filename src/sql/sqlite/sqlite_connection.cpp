// SPDX-License-Identifier: Apache-2.0
#include "sql/sqlite/sqlite_connection.hpp"

#include <algorithm>
#include <climits>
#include <filesystem>
#include <string>
#include <thread>

#include "core_lib/error/error.hpp"

#include "sql/sqlite/sqlite_error.hpp"
#include "sql/sqlite/sqlite_statement.hpp"

namespace core_lib::sql::sqlite {
namespace {

constexpr const char* fixed_sql[] = {"BEGIN", "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SELECT 1"};
constexpr int steps_between_looks = 1000;  // virtual machine steps: some 10 us

bool is_blank(std::string_view sql) {
  for (std::size_t i = 0; i < sql.size(); ++i) {
    if (sql.substr(i).starts_with("--")) {
      i = sql.find('\n', i);
      if (i == std::string_view::npos) return true;
    } else if (sql.substr(i).starts_with("/*")) {
      i = sql.find("*/", i + 2);
      if (i == std::string_view::npos) return true;
      ++i;
    } else if (std::string_view(" \t\r\n\f;").find(sql[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

/// What a person can do about a file that does not open.
std::string reason_of(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::path file(path);
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  if (std::filesystem::is_directory(file, ignored)) return "it is a folder; name a file in it";
  if (!std::filesystem::exists(folder, ignored)) return "its folder does not exist; make it first";
  if (!std::filesystem::is_directory(folder, ignored)) return "what should be its folder is a file";
  return "this process may not write there; give it the rights to the file and its folder";
}

}  // namespace

SqliteConnection::SqliteConnection(const SqliteOptions& options, Access access, Deadline deadline)
    : busy_timeout_(options.busy_timeout), deadline_(deadline), only_reads_(access == Access::read_only) {
  const bool in_memory = options.file.empty() || options.file == ":memory:";
  description_ = in_memory ? "sqlite in memory" : "sqlite file " + options.file;
  try {
    open(options.file, in_memory);
    set_up(in_memory, access);
  } catch (...) {
    for (sqlite3_stmt* statement : fixed_) sqlite3_finalize(statement);
    sqlite3_close_v2(db_);
    throw;
  }
}

SqliteConnection::~SqliteConnection() {
  for (sqlite3_stmt* statement : fixed_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);  // a statement that is still there ends it later, instead of leaking it
}

void SqliteConnection::open(const std::string& path, bool in_memory) {
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  const char* const name = in_memory ? ":memory:" : path.c_str();
  int code = sqlite3_open_v2(name, &db_, flags, nullptr);
  if (code == SQLITE_OK) return;
  const std::string attempt = "cannot open " + description_ + " (" + reason_of(path) + ")";
  throw_error(db_, code, attempt);
}

void SqliteConnection::set_up(bool in_memory, Access access) {
  sqlite3_busy_handler(db_, &on_busy, this);
  // Else a quoted name of a column that is not there would be taken for a text.
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(db_, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  run("PRAGMA foreign_keys = ON", "cannot set up");
  if (!in_memory && sqlite3_db_readonly(db_, "main") == 0) {
    // A folder that cannot be written refuses the log; reading needs none then.
    run("PRAGMA journal_mode = WAL", "cannot switch to write-ahead logging");
    run("PRAGMA synchronous = NORMAL", "cannot set up");
  } else {
    const int code = sqlite3_exec(db_, "SELECT count(*) FROM sqlite_master", nullptr, nullptr, nullptr);
    if ((code & 0xFF) == SQLITE_READONLY || (code & 0xFF) == SQLITE_CANTOPEN) {
      throw_failed(code, "cannot read (its write-ahead log has to be written even for that, and this process may not)");
    }
    if (code != SQLITE_OK) throw_failed(code, "cannot read");
  }
  for (std::size_t i = 0; i < std::size(fixed_); ++i) {
    const int code = sqlite3_prepare_v3(db_, fixed_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &fixed_[i], nullptr);
    if (code != SQLITE_OK) throw_failed(code, "cannot set up");
  }
  refuse_writes(access == Access::read_only);
}

void SqliteConnection::run(const char* sql, std::string_view attempt) {
  const int code = sqlite3_exec(db_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw_failed(code, attempt);
}

int SqliteConnection::run(Fixed which) noexcept {
  sqlite3_stmt* const statement = fixed_[static_cast<std::size_t>(which)];
  int code = sqlite3_step(statement);
  const int reset = sqlite3_reset(statement);
  return code == SQLITE_DONE || code == SQLITE_ROW ? SQLITE_OK : (reset != SQLITE_OK ? reset : code);
}

void SqliteConnection::throw_failed(int code, std::string_view attempt) {
  const int primary = code & 0xFF;
  if (deadline_hit_ && (primary == SQLITE_INTERRUPT || primary == SQLITE_BUSY)) {
    deadline_hit_ = false;
    throw DeadlineExceeded(std::string(attempt) + " on " + description_ + ": the deadline passed" +
                               (primary == SQLITE_BUSY ? " while another process or scope held the lock" : ""),
                           {.native_code = code_name(code)});
  }
  if (primary == SQLITE_IOERR || primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) usable_ = false;
  throw_error(db_, code, std::string(attempt) + " on " + description_);
}

std::unique_ptr<driver::Statement> SqliteConnection::prepare(std::string_view sql) {
  if (sql.size() > INT_MAX) throw UsageError("cannot prepare a statement: its text is longer than 2 GiB");
  if (sql.data() == nullptr) sql = "";
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int code =
      sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, &rest);
  if (code != SQLITE_OK) throw_failed(code, "cannot prepare a statement");
  if (statement == nullptr) throw UsageError("cannot prepare a statement: the text holds none");
  auto prepared = std::make_unique<SqliteStatement>(*this, statement);
  if (!is_blank(sql.substr(static_cast<std::size_t>(rest - sql.data())))) {
    throw UsageError("cannot prepare a statement: the text holds a second one; run them one by one");
  }
  return prepared;
}

void SqliteConnection::begin(const driver::TransactionOptions& options) {
  refuse_writes(options.access == Access::read_only);
  // A transaction that began with a read cannot always be made one that writes, so that the lock is taken first.
  const int code = run(options.access == Access::read_only ? Fixed::begin : Fixed::begin_immediate);
  if (code != SQLITE_OK) throw_failed(code, "cannot begin a transaction");
}

void SqliteConnection::refuse_writes(bool refuse) {
  if (refuse == refuses_writes_) return;
  run(refuse ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF", "cannot set up");
  refuses_writes_ = refuse;
}

void SqliteConnection::commit() {
  if (!in_transaction()) {
    throw CommitFailed("cannot commit on " + description_ +
                       ": an earlier error made SQLite roll the transaction back; nothing was stored");
  }
  const int code = run(Fixed::commit);  // waits for locks as the busy handler allows
  if (code == SQLITE_OK) return;
  const bool late = deadline_hit_;
  deadline_hit_ = false;
  const std::exception_ptr cause =
      make_error(sqlite3_extended_errcode(db_), "cannot commit on " + description_, sqlite3_errmsg(db_));
  const std::string message = "the commit on " + description_ + " failed: " + sqlite3_errmsg(db_);
  const std::string native = code_name(code);
  const bool was_open = in_transaction();
  const bool undone = was_open && run(Fixed::rollback) == SQLITE_OK;
  if ((code & 0xFF) == SQLITE_IOERR) usable_ = false;
  // SQLite publishes a commit by its last write. While the transaction is open and can be undone, that did not happen;
  // neither did it where a write failed, since the last one is what makes the others count.
  const bool unwritten = (code & 0xFF) == SQLITE_FULL || code == SQLITE_IOERR_WRITE;
  if ((!undone && !unwritten) || in_transaction()) {
    usable_ = false;
    throw CommitUnknown(message + "; whether the work was stored shows when the file is opened again",
                        {.breaks_connection = true, .native_code = native, .cause = cause});
  }
  const bool busy = (code & 0xFF) == SQLITE_BUSY;
  throw CommitFailed(message + (late ? " until the deadline" : "") + "; nothing was stored",
                     {.retryable = busy, .breaks_connection = !usable_, .native_code = native, .cause = cause});
}

void SqliteConnection::rollback() {
  if (!in_transaction()) return;
  const int code = run(Fixed::rollback);
  if (code != SQLITE_OK) {
    usable_ = false;
    throw_failed(code, "cannot roll back");
  }
}

void SqliteConnection::set_deadline(Deadline deadline) noexcept {
  deadline_ = deadline;
  deadline_hit_ = false;
  const bool watch = !deadline.is_never();
  if (watch == watched_) return;
  sqlite3_progress_handler(db_, steps_between_looks, watch ? &on_progress : nullptr, this);
  watched_ = watch;
}

int SqliteConnection::on_progress(void* self) noexcept {
  auto& connection = *static_cast<SqliteConnection*>(self);
  if (!connection.deadline_.expired()) return 0;
  connection.deadline_hit_ = true;
  return 1;
}

int SqliteConnection::on_busy(void* self, int attempts) noexcept {
  auto& connection = *static_cast<SqliteConnection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (attempts == 0) connection.busy_since_ = now;
  if (connection.deadline_.expired(now)) {
    connection.deadline_hit_ = true;
    return 0;
  }
  const auto left = connection.busy_since_ + connection.busy_timeout_ - now;
  if (left <= left.zero()) return 0;
  using std::chrono::microseconds;
  const std::chrono::steady_clock::duration pause = microseconds(std::min(100 << std::min(attempts, 7), 10'000));
  std::this_thread::sleep_for(
      std::min({pause, std::chrono::steady_clock::duration(left), connection.deadline_.remaining(now)}));
  return 1;
}

void SqliteConnection::ping() {
  const int code = run(Fixed::ping);
  if (code != SQLITE_OK) throw_failed(code, "no answer to a ping");
}

std::string SqliteConnection::server_version() const { return std::string("SQLite ") + sqlite3_libversion(); }

}  // namespace core_lib::sql::sqlite
