// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_statement.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/list_codec.hpp"

#include "sql/mariadb/mariadb_connection.hpp"
#include "sql/mariadb/mariadb_text.hpp"

namespace core_lib::sql::mariadb {
namespace {

using mapping::Kind;
using mapping::Scalar;

[[noreturn]] void throw_parameter(std::size_t position, std::string_view why) {
  throw ConversionError("parameter " + std::to_string(position + 1) + " cannot be stored: " + std::string(why));
}

MYSQL_TIME time_of(std::int64_t days, std::int64_t microseconds, std::size_t position) {
  using namespace std::chrono;
  constexpr std::int64_t first = -719'162;  // 0001-01-01
  constexpr std::int64_t last = 2'932'896;  // 9999-12-31
  if (days < first || days > last) throw_parameter(position, "MariaDB has times from the year 1 to 9999");
  const year_month_day date{sys_days(std::chrono::days(days))};
  MYSQL_TIME time{};
  time.year = static_cast<unsigned>(static_cast<int>(date.year()));
  time.month = static_cast<unsigned>(date.month());
  time.day = static_cast<unsigned>(date.day());
  const std::int64_t seconds = microseconds / 1'000'000;
  time.hour = static_cast<unsigned>(seconds / 3600);
  time.minute = static_cast<unsigned>(seconds / 60 % 60);
  time.second = static_cast<unsigned>(seconds % 60);
  time.second_part = static_cast<unsigned long>(microseconds % 1'000'000);
  return time;
}

/// What DECIMAL(65,30) holds without rounding.
bool is_exact(std::string_view decimal) {
  if (decimal.starts_with('-') || decimal.starts_with('+')) decimal.remove_prefix(1);
  const std::string_view whole = decimal.substr(0, decimal.find('.'));
  const std::string_view fraction = whole.size() < decimal.size() ? decimal.substr(whole.size() + 1) : "";
  const std::size_t zeros = std::min(whole.find_first_not_of('0'), whole.size());
  return whole.size() - zeros <= 35 && fraction.find_last_not_of('0') + 1 <= 30;
}

void format_uuid(std::span<const std::byte> bytes, char* out) {
  constexpr char digits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    *out++ = digits[std::to_integer<unsigned>(bytes[i]) >> 4U];
    *out++ = digits[std::to_integer<unsigned>(bytes[i]) & 0xFU];
  }
}

bool is_write(std::string_view word) {
  return word == "INSERT" || word == "UPDATE" || word == "DELETE" || word == "REPLACE";
}

}  // namespace

MariadbStatement::MariadbStatement(MariadbConnection& connection, std::string_view sql)
    : connection_(connection), sql_(sql), writes_(is_write(first_word(sql))) {
  if (!connection.has_returning()) {
    InsertReturning split = split_returning(sql);
    key_ = std::move(split.key);
    if (!key_.empty()) sql_ = split.insert;
  }
  prepare();
  connection_.add(*this);
}

MariadbStatement::~MariadbStatement() {
  close();
  forget();
  connection_.remove(*this);
}

void MariadbStatement::prepare() {
  handle_ = connection_.prepare_handle(sql_, is_text_);
  if (handle_ == nullptr) return;
  parameter_count_ = mysql_stmt_param_count(handle_);
  binds_.resize(parameter_count_);
  slots_.resize(parameter_count_);
  mysql_stmt_attr_set(handle_, STMT_ATTR_CB_USER_DATA, &row_);
  mysql_stmt_attr_set(handle_, STMT_ATTR_CB_RESULT, reinterpret_cast<const void*>(&MariadbRow::take));
}

void MariadbStatement::forget() noexcept {
  if (handle_ == nullptr || !done_) return;
  connection_.close_handle(std::exchange(handle_, nullptr));
}

// Rows come from the wire one by one, whoever asks for them: nothing is gained by copying them first.
std::size_t MariadbStatement::execute(std::span<const Scalar> parameters, driver::Fetching) {
  close();
  rows_matched_ = 0;
  connection_.free_wire();
  if (handle_ == nullptr && !is_text_) prepare();
  if (parameters.size() != parameter_count_) {
    throw UsageError("the statement has " + std::to_string(parameter_count_) + " placeholders, but " +
                     std::to_string(parameters.size()) + " values were given");
  }
  if (is_text_) {
    connection_.run_text(sql_);
    return 0;
  }
  for (int attempt = 1;; ++attempt) {
    bind(parameters);
    row_.expect(handle_, {});
    if (connection_.execute(handle_)) break;
    connection_.close_handle(std::exchange(handle_, nullptr));  // reads the rows that it gave
    if (writes_ || attempt == 2) {
      throw Error("the table changed while the statement ran, so that its rows cannot be read; run it again",
                  {.retryable = true});
    }
    prepare();
  }
  stored_ = false;
  done_ = false;
  const std::size_t columns = mysql_stmt_field_count(handle_);
  if (columns != 0) {
    connection_.occupy_wire(*this);
    return columns;
  }
  rows_matched_ = mysql_stmt_affected_rows(handle_);
  if (!key_.empty()) return 1;
  finish();
  return 0;
}

void MariadbStatement::bind(std::span<const Scalar> parameters) {
  lists_ = {};
  std::size_t bytes = 64;  // what the packet holds beside the values
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    bind(i, parameters[i]);
    bytes += 12 + binds_[i].buffer_length;
  }
  connection_.check_packet(bytes);
  if (!binds_.empty()) mysql_stmt_bind_param(handle_, binds_.data());
}

void MariadbStatement::bind(std::size_t position, const Scalar& value) {
  MYSQL_BIND& bind = binds_[position];
  Slot& slot = slots_[position];
  bind = {};
  bind.buffer = &slot;
  const auto take_text = [&](enum_field_types type, std::string_view text) {
    bind.buffer_type = type;
    bind.buffer = const_cast<char*>(text.data() == nullptr ? "" : text.data());
    bind.buffer_length = text.size();
  };
  switch (value.kind()) {
    case Kind::null:
      bind.buffer_type = MYSQL_TYPE_NULL;
      return;
    case Kind::boolean:
    case Kind::integer:
    case Kind::duration:
      bind.buffer_type = MYSQL_TYPE_LONGLONG;
      slot.integer = value.as_integer();
      return;
    case Kind::real:
      if (!std::isfinite(value.as_real())) throw_parameter(position, "MariaDB has no NaN and no infinity");
      bind.buffer_type = MYSQL_TYPE_DOUBLE;
      slot.real = value.as_real();
      return;
    case Kind::text:
    case Kind::json:
      return take_text(MYSQL_TYPE_STRING, value.as_text());
    case Kind::list: {
      std::string json;
      mapping::append_json_list(json, value.as_list());
      return take_text(MYSQL_TYPE_STRING, lists_.keep(std::move(json)));
    }
    case Kind::decimal:
      if (!is_exact(value.as_text())) {
        throw_parameter(position, "MariaDB's decimals have 35 digits before the point and 30 behind it");
      }
      return take_text(MYSQL_TYPE_NEWDECIMAL, value.as_text());
    case Kind::blob:
      return take_text(MYSQL_TYPE_BLOB, value.as_text());
    case Kind::timestamp: {
      constexpr std::int64_t per_day = 86'400'000'000;
      const std::int64_t days = mapping::date_of(value.as_integer());
      bind.buffer_type = MYSQL_TYPE_DATETIME;
      slot.time = time_of(days, value.as_integer() - days * per_day, position);
      return;
    }
    case Kind::date:
      bind.buffer_type = MYSQL_TYPE_DATE;
      slot.time = time_of(value.as_integer(), 0, position);
      return;
    case Kind::uuid:
      format_uuid(value.as_bytes(), slot.uuid);
      return take_text(MYSQL_TYPE_STRING, {slot.uuid, sizeof(slot.uuid)});
  }
}

bool MariadbStatement::fetch(std::span<Scalar> row) {
  if (done_) return false;
  if (!key_.empty()) return fetch_key(row);
  row_.expect(handle_, row);
  const bool found = stored_ ? mysql_stmt_fetch(handle_) == 0 : connection_.fetch(handle_);
  if (!found) {
    finish();
    return false;
  }
  if (writes_) ++rows_matched_;
  row_.check();
  return true;
}

bool MariadbStatement::fetch_key(std::span<Scalar> row) {
  if (!row.empty()) row[0] = Scalar::integer(static_cast<std::int64_t>(mysql_stmt_insert_id(handle_)));
  finish();
  return true;
}

void MariadbStatement::finish() {
  done_ = true;
  if (!stored_) connection_.finish(*this, handle_);
}

void MariadbStatement::store_rest() {
  connection_.store(handle_);
  stored_ = true;
}

void MariadbStatement::close() noexcept {
  if (std::exchange(done_, true) || !key_.empty()) return;
  if (stored_) {
    mysql_stmt_free_result(handle_);
  } else {
    row_.expect(handle_, {});
    connection_.skip_rows(*this, handle_);
  }
}

std::string_view MariadbStatement::column_name(std::size_t column) const {
  if (!key_.empty()) return key_;
  if (handle_ == nullptr) return {};
  const MYSQL_FIELD& field = mariadb_stmt_fetch_fields(handle_)[column];
  return {field.name, field.name_length};
}

}  // namespace core_lib::sql::mariadb
