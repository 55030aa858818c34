// SPDX-License-Identifier: Apache-2.0
#include "sql/sqlite/sqlite_error.hpp"

#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::sqlite {
namespace {

struct CodeName {
  int code;
  std::string_view name;
};

// Those that a person may meet; the rest is told by number.
constexpr CodeName code_names[] = {
    {SQLITE_ERROR, "SQLITE_ERROR"},
    {SQLITE_BUSY, "SQLITE_BUSY"},
    {SQLITE_BUSY_RECOVERY, "SQLITE_BUSY_RECOVERY"},
    {SQLITE_BUSY_SNAPSHOT, "SQLITE_BUSY_SNAPSHOT"},
    {SQLITE_LOCKED, "SQLITE_LOCKED"},
    {SQLITE_NOMEM, "SQLITE_NOMEM"},
    {SQLITE_READONLY, "SQLITE_READONLY"},
    {SQLITE_READONLY_DBMOVED, "SQLITE_READONLY_DBMOVED"},
    {SQLITE_READONLY_DIRECTORY, "SQLITE_READONLY_DIRECTORY"},
    {SQLITE_INTERRUPT, "SQLITE_INTERRUPT"},
    {SQLITE_IOERR, "SQLITE_IOERR"},
    {SQLITE_IOERR_READ, "SQLITE_IOERR_READ"},
    {SQLITE_IOERR_WRITE, "SQLITE_IOERR_WRITE"},
    {SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC"},
    {SQLITE_CORRUPT, "SQLITE_CORRUPT"},
    {SQLITE_FULL, "SQLITE_FULL"},
    {SQLITE_CANTOPEN, "SQLITE_CANTOPEN"},
    {SQLITE_TOOBIG, "SQLITE_TOOBIG"},
    {SQLITE_CONSTRAINT, "SQLITE_CONSTRAINT"},
    {SQLITE_CONSTRAINT_UNIQUE, "SQLITE_CONSTRAINT_UNIQUE"},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "SQLITE_CONSTRAINT_PRIMARYKEY"},
    {SQLITE_CONSTRAINT_ROWID, "SQLITE_CONSTRAINT_ROWID"},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "SQLITE_CONSTRAINT_FOREIGNKEY"},
    {SQLITE_CONSTRAINT_NOTNULL, "SQLITE_CONSTRAINT_NOTNULL"},
    {SQLITE_CONSTRAINT_CHECK, "SQLITE_CONSTRAINT_CHECK"},
    {SQLITE_CONSTRAINT_TRIGGER, "SQLITE_CONSTRAINT_TRIGGER"},
    {SQLITE_MISMATCH, "SQLITE_MISMATCH"},
    {SQLITE_MISUSE, "SQLITE_MISUSE"},
    {SQLITE_NOTADB, "SQLITE_NOTADB"},
};

bool is_unique(int code) {
  return code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY || code == SQLITE_CONSTRAINT_ROWID;
}

std::string_view advice(int code) {
  if (code == SQLITE_CONSTRAINT_FOREIGNKEY) {
    return "; a row that is written refers to one that is not there, or one that is removed is still referred to";
  }
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "; another process or scope holds the lock: try again, or give it more time";
    case SQLITE_READONLY:
      return "; the database, its folder or the scope is read-only";
    case SQLITE_FULL:
      return "; the disk, or the size that the database may have, is used up";
    case SQLITE_NOTADB:
      return "; the file holds something else than a SQLite database";
    case SQLITE_CORRUPT:
      return "; the file is damaged: restore it, or read what is left with sqlite3's .recover";
    default:
      return "";
  }
}

}  // namespace

std::string code_name(int extended_code) {
  for (const CodeName& known : code_names) {
    if (known.code == extended_code) return std::string(known.name) + " (" + std::to_string(extended_code) + ")";
  }
  const int primary = extended_code & 0xFF;
  if (primary != extended_code) {
    for (const CodeName& known : code_names) {
      if (known.code == primary) return std::string(known.name) + " (" + std::to_string(extended_code) + ")";
    }
  }
  return "SQLITE (" + std::to_string(extended_code) + ")";
}

std::exception_ptr make_error(int code, std::string_view attempt, std::string_view detail) {
  std::string message = std::string(attempt) + ": " + std::string(detail) + std::string(advice(code));
  ErrorDetails details{.native_code = code_name(code)};
  const auto as = [&]<class E>(std::type_identity<E>) {
    return std::make_exception_ptr(E(message, std::move(details)));
  };
  switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
      return is_unique(code) ? as(std::type_identity<UniqueViolation>())
                             : as(std::type_identity<ConstraintViolation>());
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      details.retryable = true;
      details.status_code = 503;
      return as(std::type_identity<Error>());
    case SQLITE_INTERRUPT:
      return as(std::type_identity<DeadlineExceeded>());
    case SQLITE_ERROR:
      return as(std::type_identity<SyntaxError>());
    case SQLITE_CANTOPEN:
      return as(std::type_identity<ConnectionLost>());
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      details.breaks_connection = true;
      return as(std::type_identity<Error>());
    case SQLITE_READONLY:
      details.status_code = 403;
      return as(std::type_identity<Error>());
    case SQLITE_FULL:
      details.status_code = 507;
      return as(std::type_identity<Error>());
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
      return as(std::type_identity<ConversionError>());
    case SQLITE_MISUSE:
      return as(std::type_identity<UsageError>());
    default:
      return as(std::type_identity<Error>());
  }
}

void throw_error(sqlite3* db, int code, std::string_view attempt) {
  const int extended =
      db != nullptr && sqlite3_extended_errcode(db) % 256 == code % 256 ? sqlite3_extended_errcode(db) : code;
  std::rethrow_exception(make_error(extended, attempt, db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code)));
}

}  // namespace core_lib::sql::sqlite
