// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_statement.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/postgresql/postgresql_connection.hpp"
#include "sql/postgresql/postgresql_dialect.hpp"

namespace core_lib::sql::postgresql {
namespace {

// A cursor's rows come in portions of about this size.
constexpr std::size_t portion_bytes = 1024 * 1024;
constexpr std::size_t first_portion_rows = 64;
constexpr std::size_t most_portion_rows = 4096;

bool starts_with_word(std::string_view sql, std::string_view word) {
  return sql.size() >= word.size() && std::equal(word.begin(), word.end(), sql.begin(), [](char upper, char c) {
           return upper == c || upper + ('a' - 'A') == c;
         });
}

/// Of the statements that begin with one of these words only a function that is called could write.
bool is_known_to_write_nothing(std::string_view sql) {
  constexpr std::string_view words[] = {"SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SHOW", "SET"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return starts_with_word(sql, word); });
}

bool is_cached_plan_error(const PGresult* failure) {
  const char* const function = PQresultErrorField(failure, PG_DIAG_SOURCE_FUNCTION);
  return sqlstate_of(failure) == "0A000" && function != nullptr && std::strcmp(function, "RevalidateCachedQuery") == 0;
}

void require_few(std::size_t placeholders) {
  if (placeholders <= dialect().max_parameters()) return;
  throw UsageError("the statement has " + std::to_string(placeholders) + " placeholders; PostgreSQL takes at most " +
                   std::to_string(dialect().max_parameters()) + ", so split it");
}

/// DEALLOCATE ALL, or DISCARD ALL.
bool has_dropped_prepared(const PGresult* result) {
  const std::string_view tag = PQcmdStatus(const_cast<PGresult*>(result));
  return tag.starts_with('D') && tag.ends_with(" ALL");
}

bool has_rows(const PGresult* result) { return PQresultStatus(result) == PGRES_TUPLES_OK; }

}  // namespace

PostgresqlStatement::PostgresqlStatement(PostgresqlConnection& connection, std::string_view sql)
    : connection_(connection), sql_(sql), text_(scan(sql)), may_write_(!is_known_to_write_nothing(sql)) {
  if (sql.find('\0') != std::string_view::npos) {  // libpq would send what stands before it
    throw UsageError("cannot prepare a statement: the text holds a NUL character");
  }
  require_few(text_.numbered);
}

PostgresqlStatement::~PostgresqlStatement() {
  close();
  PreparedNames* const names = connection_.prepared();
  if (names == nullptr) return;
  for (const Variant& variant : variants_) names->release(variant.name);
}

// Without a $1, question marks are placeholders where values are given, and operators where none are.
void PostgresqlStatement::settle_count(std::size_t values) {
  const bool asks = text_.numbered == 0 && values != 0;
  const std::size_t placeholders = asks ? text_.questions.size() : text_.numbered;
  if (values != placeholders) {
    throw UsageError("the statement has " + std::to_string(placeholders) + " placeholders, but " +
                     std::to_string(values) + " values were given");
  }
  if (asks && numbered_.empty()) {
    require_few(values);
    numbered_ = number_questions(sql_, text_);
  }
}

std::size_t PostgresqlStatement::execute(std::span<const mapping::Scalar> parameters, driver::Fetching fetching) {
  close();
  check_count(parameters.size());
  require_storable(parameters);
  bound_ = bind(parameters, Parameters::Texts::copied);
  variant_ = &variant(bound_);
  // A cursor does not outlive the savepoint in which it was opened.
  if (starts_with_word(sql_, "ROLLBACK")) connection_.forget_cursors();
  return take(fetching == driver::Fetching::streamed ? open_cursor(*variant_) : run(*variant_));
}

PostgresqlStatement::Variant& PostgresqlStatement::add_variant(const ParameterView& parameters) {
  const std::span<const Oid> types = parameters.types();
  Variant made{.types = {types.begin(), types.end()}, .name = {}};
  if (!variants_.empty() && variants_.front().types.size() == types.size()) {
    for (std::size_t i = 0; i < types.size(); ++i) {
      if (parameters.is_null(i)) made.types[i] = variants_.front().types[i];
    }
  }
  if (PreparedNames* const names = connection_.prepared()) {
    made.name = prepared_name(text_of(made), made.types);
    made.is_prepared = &names->use(made.name);
  }
  return variants_.emplace_front(std::move(made));
}

ResultPtr PostgresqlStatement::run(Variant& variant) {
  for (bool again = false;; again = true) {
    const bool fresh = connection_.is_fresh();
    ResultPtr result = send(variant);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) return result;
    if (status == PGRES_EMPTY_QUERY) throw UsageError("cannot prepare a statement: the text holds none");
    if (!renew(variant, result.get()) || !fresh || again) throw_failed(variant, result.get());
    connection_.begin_again();
  }
}

ResultPtr PostgresqlStatement::send(Variant& variant) {
  const bool binary = variant.format == Format::binary;
  if (variant.is_prepared == nullptr) {
    const Step step[] = {
        {.sql = text_of(variant).c_str(), .parameters = bound_, .binary = binary, .may_write = may_write_}};
    return connection_.run(step).result;
  }
  const Step steps[] = {{.kind = Step::Kind::prepare,
                         .sql = text_of(variant).c_str(),
                         .name = variant.name.c_str(),
                         .types = variant.types},
                        {.kind = Step::Kind::run_prepared,
                         .name = variant.name.c_str(),
                         .parameters = bound_,
                         .binary = binary,
                         .may_write = may_write_}};
  if (*variant.is_prepared) return connection_.run(std::span(steps).subspan(1)).result;
  PostgresqlConnection::Outcome outcome = connection_.run(steps);
  if (outcome.done > 0) connection_.prepared()->add(variant.name);
  return std::move(outcome.result);
}

// True where the statement did not start, and will once it is prepared as it is now known to be needed.
bool PostgresqlStatement::renew(Variant& variant, const PGresult* failure) {
  PreparedNames* const names = connection_.prepared();
  if (names == nullptr) return false;
  const std::string_view code = sqlstate_of(failure);
  if (code == "26000") {
    names->forget(variant.name);
  } else if (code == "42P05") {
    names->add(variant.name);  // another client of the pooler has prepared the same
  } else if (is_cached_plan_error(failure)) {
    names->discard(variant.name);
    variant.format = Format::unknown;
  } else {
    return false;
  }
  return true;
}

void PostgresqlStatement::throw_failed(const Variant& variant, const PGresult* failure) const {
  const std::string_view code = sqlstate_of(failure);
  if (code == "42601" && text_.has_second) {
    throw UsageError("cannot prepare a statement: the text holds a second one; run them one by one");
  }
  if (code == "42601" && variant.types.empty() && !text_.questions.empty()) {
    throw UsageError("the statement has " + std::to_string(text_.questions.size()) +
                     " placeholders, but 0 values were given");
  }
  if (code == "42P05" || is_cached_plan_error(failure)) {
    throw Error("the server's prepared statement does not fit any more (" + message_of(failure) +
                    "); run the scope again, and behind a pooler switch prepared statements off",
                {.status_code = 503, .retryable = true, .native_code = std::string(code)});
  }
  connection_.throw_failed(failure);
}

ResultPtr PostgresqlStatement::open_cursor(const Variant& variant) {
  std::string cursor = connection_.next_cursor();
  const std::string declare = "DECLARE " + cursor + " NO SCROLL CURSOR FOR " + text_of(variant);
  cursor_rows_ = first_portion_rows;
  const std::string fetch = "FETCH " + std::to_string(cursor_rows_) + " FROM " + cursor;
  const bool binary = variant.format == Format::binary;
  const Step steps[] = {{.sql = declare.c_str(), .parameters = bound_}, {.sql = fetch.c_str(), .binary = binary}};
  ResultPtr result = connection_.run(steps).result;
  if (!has_rows(result.get())) throw_failed(variant, result.get());
  cursor_ = std::move(cursor);
  cursor_transaction_ = connection_.transaction_number();
  return result;
}

ResultPtr PostgresqlStatement::next_rows() {
  const std::size_t bytes_per_row =
      std::max<std::size_t>(PQresultMemorySize(result_.get()) / static_cast<std::size_t>(std::max(rows_, 1)), 1);
  cursor_rows_ = std::clamp<std::size_t>(portion_bytes / bytes_per_row, 1, most_portion_rows);
  result_.reset();
  const std::string fetch = "FETCH " + std::to_string(cursor_rows_) + " FROM " + cursor_;
  const Step step[] = {{.sql = fetch.c_str(), .binary = variant_->format == Format::binary}};
  ResultPtr result = connection_.run(step).result;
  if (!has_rows(result.get())) connection_.throw_failed(result.get());
  return result;
}

std::size_t PostgresqlStatement::take(ResultPtr result) {
  open_ = true;
  const int columns = PQnfields(result.get());
  const bool binary = columns > 0 && PQfformat(result.get(), 0) == 1;
  std::vector<Column>& known = variant_->columns;
  if (binary != variant_->columns_binary) known.clear();
  variant_->columns_binary = binary;
  known.resize(static_cast<std::size_t>(columns));
  bool all_binary = true;
  for (int i = 0; i < columns; ++i) {
    Column& column = known[static_cast<std::size_t>(i)];
    const Oid type = PQftype(result.get(), i);
    if (column.decode == nullptr || column.type != type) {
      column = {type, binary ? binary_decoder(type) : text_decoder(type)};
    }
    if (variant_->format == Format::unknown) all_binary = all_binary && binary_decoder(type) != nullptr;
  }
  if (variant_->format == Format::unknown && has_rows(result.get())) {
    variant_->format = all_binary ? Format::binary : Format::text;
  }
  rows_matched_ = rows_written(result.get());
  if (has_dropped_prepared(result.get())) connection_.forget_prepared();
  if (!cursor_.empty() && static_cast<std::size_t>(PQntuples(result.get())) < cursor_rows_) {
    connection_.close_later(std::exchange(cursor_, {}), cursor_transaction_);
  }
  row_ = 0;
  rows_ = PQntuples(result.get());
  result_ = std::move(result);
  return known.size();
}

bool PostgresqlStatement::fetch(std::span<mapping::Scalar> row) {
  if (row_ == rows_) {
    if (cursor_.empty()) return false;
    take(next_rows());
    if (rows_ == 0) return false;
  }
  buffer_.clear();
  const PGresult* const result = result_.get();
  const Column* known = variant_->columns.data();
  const int number = row_;
  int column = 0;
  for (mapping::Scalar& value : row) {
    const Decoder decode = known++->decode;
    const int size = PQgetlength(result, number, column);
    if (size != 0 || PQgetisnull(result, number, column) == 0) {
      const std::string_view bytes(PQgetvalue(result, number, column), static_cast<std::size_t>(size));
      value.become([&] { return decode(bytes, buffer_); });
    } else {
      value = {};
    }
    ++column;
  }
  ++row_;
  return true;
}

void PostgresqlStatement::close() noexcept {
  if (!std::exchange(open_, false)) return;
  result_.reset();
  row_ = rows_ = 0;
  parameters_.release();
  buffer_.release();
  if (!cursor_.empty()) connection_.close_later(std::exchange(cursor_, {}), cursor_transaction_);
}

std::string_view PostgresqlStatement::column_name(std::size_t column) const {
  return PQfname(result_.get(), static_cast<int>(column));
}

}  // namespace core_lib::sql::postgresql
