// SPDX-License-Identifier: Apache-2.0
#include "sql/sqlite/sqlite_statement.hpp"

#include <cmath>
#include <cstring>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/list_codec.hpp"
#include "core_lib/mapping/uuid.hpp"

#include "sql/encode.hpp"
#include "sql/sqlite/sqlite_connection.hpp"
#include "sql/sqlite/sqlite_error.hpp"

namespace core_lib::sql::sqlite {
namespace {

using mapping::Kind;
using mapping::Scalar;

// SQLite counts from 1.
[[noreturn]] void throw_parameter(int position, std::string_view why) {
  detail::throw_unstorable(static_cast<std::size_t>(position) - 1, why);
}

void require_sorted(int position, std::int64_t date) {
  if (date >= mapping::first_sorted_date && date <= mapping::last_sorted_date) return;
  throw_parameter(position, "SQLite keeps dates as text, which sorts in the years 0 to 9999 alone");
}

/// The quoted table that a statement changes, as all of ours do; empty where there is none.
std::string written_table(std::string_view sql) {
  for (const std::string_view words : {"INSERT INTO \"", "UPDATE \"", "DELETE FROM \""}) {
    if (sql.starts_with(words))
      return std::string(sql.substr(words.size() - 1, sql.find('"', words.size()) - words.size() + 2));
  }
  return {};
}

}  // namespace

SqliteStatement::SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement)
    : connection_(connection),
      statement_(statement),
      parameter_count_(static_cast<std::size_t>(sqlite3_bind_parameter_count(statement))),
      row_(static_cast<std::size_t>(sqlite3_column_count(statement))),
      writes_(sqlite3_stmt_readonly(statement) == 0) {}

SqliteStatement::Buffer& SqliteStatement::buffer() {
  if (buffers_used_ == buffers_.size()) buffers_.push_back(std::make_unique<Buffer>());
  return *buffers_[buffers_used_++];
}

// SQLite steps from row to row anyway, so that all fetching is streamed.
std::size_t SqliteStatement::execute(std::span<const Scalar> parameters, driver::Fetching) {
  if (parameters.size() != parameter_count_) {
    throw UsageError("the statement has " + std::to_string(parameter_count_) + " placeholders, but " +
                     std::to_string(parameters.size()) + " values were given");
  }
  connection_.leave_reading_scope();
  close();
  int position = 0;
  for (const Scalar& parameter : parameters) bind(++position, parameter);
  done_ = false;
  rows_matched_ = 0;
  changes_before_ = connection_.total_changes();
  if (row_.empty()) step();
  return row_.size();
}

void SqliteStatement::bind(int position, const Scalar& value) {
  int code = SQLITE_OK;
  switch (value.kind()) {
    case Kind::null:
      code = sqlite3_bind_null(statement_, position);
      break;
    case Kind::boolean:
    case Kind::integer:
    case Kind::duration:
      code = sqlite3_bind_int64(statement_, position, value.as_integer());
      break;
    case Kind::real:
      // SQLite would quietly store NULL.
      if (std::isnan(value.as_real())) throw_parameter(position, "SQLite has no NaN");
      code = sqlite3_bind_double(statement_, position, value.as_real());
      break;
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      bind_text(position, value.as_text());
      break;
    case Kind::list:
      bind_list(position, value);
      break;
    case Kind::blob: {
      const std::span<const std::byte> bytes = value.as_bytes();
      // A null pointer would be NULL, but empty bytes are not.
      code = bytes.empty() ? sqlite3_bind_zeroblob(statement_, position, 0)
                           : sqlite3_bind_blob64(statement_, position, bytes.data(), bytes.size(), SQLITE_STATIC);
      break;
    }
    case Kind::timestamp: {
      require_sorted(position, mapping::date_of(value.as_integer()));
      Buffer& text = buffer();
      bind_text(position, {text.data(), mapping::format_timestamp(value.as_integer(), text)});
      break;
    }
    case Kind::date: {
      require_sorted(position, value.as_integer());
      Buffer& text = buffer();
      bind_text(position, {text.data(), mapping::format_date(value.as_integer(), text)});
      break;
    }
    case Kind::uuid: {
      Buffer& text = buffer();
      bind_text(position, {text.data(), mapping::format_uuid(value.as_bytes(), text)});
      break;
    }
  }
  if (code != SQLITE_OK) throw_error(connection_.handle(), code, "cannot bind parameter " + std::to_string(position));
}

void SqliteStatement::bind_list(int position, const Scalar& value) {
  std::string json;
  mapping::append_json_list(json, value.as_list());
  bind_text(position, json, SQLITE_TRANSIENT);
}

void SqliteStatement::bind_text(int position, std::string_view text, sqlite3_destructor_type ownership) {
  if (text.data() == nullptr) text = "";  // a null pointer would be NULL
  // SQLite's functions and comparisons end at the NUL while its storage does not: two truths about one value.
  if (std::memchr(text.data(), 0, text.size()) != nullptr) {
    throw_parameter(position, "its text holds a NUL, which SQLite does not handle; store it as bytes");
  }
  const int code = sqlite3_bind_text64(statement_, position, text.data(), text.size(), ownership, SQLITE_UTF8);
  if (code != SQLITE_OK) throw_error(connection_.handle(), code, "cannot bind parameter " + std::to_string(position));
}

bool SqliteStatement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  done_ = true;
  if (code == SQLITE_DONE) {
    // DDL leaves the count of the statement before it.
    if (writes_ && connection_.total_changes() != changes_before_) rows_matched_ = connection_.changes();
    return false;
  }
  // SQLite does not say which table a foreign key failed in.
  const std::string table = written_table(sqlite3_sql(statement_));
  connection_.throw_failed(code, "cannot run the statement" + (table.empty() ? "" : " that writes " + table));
}

namespace {

// sqlite3_column_value() asks to be used like this only by who holds the connection's mutex. Connections are opened
// without one and belong to one session at a time, so that is us; it spares two locks for each further look.
Scalar read_column(sqlite3_stmt* statement, int column) {
  sqlite3_value* const value = sqlite3_column_value(statement, column);
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER:
      return Scalar::integer(sqlite3_value_int64(value));
    case SQLITE_FLOAT:
      return Scalar::real(sqlite3_value_double(value));
    case SQLITE_TEXT: {
      const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      return Scalar::text({text, static_cast<std::size_t>(sqlite3_value_bytes(value))});
    }
    case SQLITE_BLOB: {
      const auto* const bytes = static_cast<const std::byte*>(sqlite3_value_blob(value));
      return Scalar::blob({bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))});
    }
    default:
      return {};
  }
}

}  // namespace

std::span<const Scalar> SqliteStatement::row() {
  int column = 0;
  for (Scalar& value : row_) {
    value.become([&] { return read_column(statement_, column++); });
  }
  return row_;
}

void SqliteStatement::close() noexcept {
  done_ = true;
  buffers_used_ = 0;
  sqlite3_reset(statement_);  // repeats the error of the last step, which was thrown then
}

std::string_view SqliteStatement::column_name(std::size_t column) const {
  return sqlite3_column_name(statement_, static_cast<int>(column));
}

}  // namespace core_lib::sql::sqlite
