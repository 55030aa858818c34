// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_statement.hpp"

#include <string>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/mariadb/mariadb_connection.hpp"
#include "sql/mariadb/mariadb_packet.hpp"

namespace core_lib::sql::mariadb {
namespace {

using mapping::Scalar;

bool is_write(std::string_view word) {
  return word == "INSERT" || word == "UPDATE" || word == "DELETE" || word == "REPLACE";
}

}  // namespace

MariadbStatement::MariadbStatement(MariadbConnection& connection, std::string_view sql)
    : connection_(connection), sql_(sql), returning_(split_returning(sql_)), writes_(is_write(first_word(sql))) {
  by_insert_id_ = !connection.has_returning() && !returning_.insert.empty();
  prepare();
  connection_.add(*this);
}

// The answer to an INSERT brings such a key anyway, and a row that brings it costs half as much again. Which column it
// is, the server does not say before the first execution.
void MariadbStatement::leave_out_returning() {
  const MYSQL_FIELD* const field = mariadb_stmt_fetch_fields(handle_);
  if (field == nullptr || (field->flags & AUTO_INCREMENT_FLAG) == 0) return;
  by_insert_id_ = true;
  connection_.close_handle(std::exchange(handle_, nullptr));
}

MariadbStatement::~MariadbStatement() {
  close();
  forget();
  connection_.remove(*this);
}

void MariadbStatement::prepare() {
  handle_ = connection_.prepare_handle(by_insert_id_ ? returning_.insert : std::string_view(sql_), is_text_);
  if (handle_ == nullptr) return;
  parameter_count_ = mysql_stmt_param_count(handle_);
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
  run(parameters);
  stored_ = false;
  done_ = false;
  const std::size_t columns = mysql_stmt_field_count(handle_);
  if (columns != 0) {
    connection_.occupy_wire(*this);
  } else {
    rows_matched_ = mysql_stmt_affected_rows(handle_);
  }
  values_.resize(by_insert_id_ ? 1 : columns);
  if (values_.empty()) finish();
  return values_.size();
}

void MariadbStatement::run(std::span<const Scalar> parameters) {
  for (int attempt = 1;; ++attempt) {
    const std::string packet = execution_packet(handle_->stmt_id, parameters);
    connection_.check_packet(packet.size());
    row_.expect(handle_, {});
    if (connection_.execute(handle_, COM_STMT_EXECUTE, packet)) return;
    connection_.close_handle(std::exchange(handle_, nullptr));  // reads the rows that it gave
    if (writes_ || attempt == 2) {
      throw_changed("its rows cannot be read");
    }
    prepare();
  }
}

// A transaction takes back what the statement wrote. Outside of one it is stored by now, and would be once more.
void MariadbStatement::throw_changed(std::string_view loss) const {
  const bool is_stored = writes_ && !connection_.in_transaction();
  throw Error("the table changed while the statement ran, so that " + std::string(loss) +
                  (is_stored ? "; what it wrote is stored" : "; run it again"),
              {.retryable = !is_stored});
}

bool MariadbStatement::fetch() {
  if (done_) return false;
  if (by_insert_id_) {
    fetch_key();
    return true;
  }
  row_.expect(handle_, values_);
  const bool found = stored_ ? mysql_stmt_fetch(handle_) == 0 : connection_.fetch(handle_);
  if (!found) {
    finish();
    return false;
  }
  if (writes_) ++rows_matched_;
  row_.check();
  return true;
}

void MariadbStatement::fetch_key() {
  const std::uint64_t key = mysql_stmt_insert_id(handle_);
  finish();
  if (key == 0 && connection_.has_returning()) {
    by_insert_id_ = false;
    connection_.close_handle(std::exchange(handle_, nullptr));
    throw_changed("the key of the new row is not known");
  }
  values_[0] = Scalar::integer(static_cast<std::int64_t>(key));
}

void MariadbStatement::finish() {
  done_ = true;
  if (stored_) {
    free_stored();
  } else {
    connection_.finish(*this, handle_);
  }
  if (!by_insert_id_ && returning_.has_one_row) leave_out_returning();
}

// The library frees what is still to be read, and so it is taken back to the first row; where there is none, it would
// look for rows on the wire, which may be those of another statement.
void MariadbStatement::free_stored() noexcept {
  if (handle_->result.data == nullptr) return;
  mysql_stmt_data_seek(handle_, 0);
  mysql_stmt_free_result(handle_);
}

void MariadbStatement::store_rest() {
  connection_.store(handle_);
  stored_ = true;
}

void MariadbStatement::close() noexcept {
  if (std::exchange(done_, true) || by_insert_id_) return;
  if (stored_) {
    free_stored();
  } else {
    row_.expect(handle_, {});
    connection_.skip_rows(*this, handle_);
  }
}

std::string_view MariadbStatement::column_name(std::size_t column) const {
  if (by_insert_id_) return returning_.key;
  if (handle_ == nullptr) return {};
  const MYSQL_FIELD& field = mariadb_stmt_fetch_fields(handle_)[column];
  return {field.name, field.name_length};
}

}  // namespace core_lib::sql::mariadb
