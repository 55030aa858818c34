// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_statement.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <utility>

#include "core_lib/error/error.hpp"

#include "sql/misfit.hpp"
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
  const char* const tag = PQcmdStatus(const_cast<PGresult*>(result));
  return *tag == 'D' && std::string_view(tag).ends_with(" ALL");
}

bool is_null(const PGresult* result, int row, int column, int size) {
  return size == 0 && PQgetisnull(result, row, column) != 0;
}

bool has_rows(const PGresult* result) { return PQresultStatus(result) == PGRES_TUPLES_OK; }

}  // namespace

PostgresqlStatement::PostgresqlStatement(PostgresqlConnection& connection, std::string_view sql)
    : connection_(connection),
      may_write_(!is_known_to_write_nothing(sql)),
      ends_cursors_(starts_with_word(sql, "ROLLBACK")),
      text_(scan(sql)),
      sql_(sql) {
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
  const ParameterView bound = bind(parameters, Parameters::Texts::copied);
  variant_ = &variant(bound);
  variant_->execution.parameters = bound;
  // A cursor does not outlive the savepoint in which it was opened.
  if (ends_cursors_) connection_.forget_cursors();
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
  Variant& variant = variants_.emplace_front(std::move(made));
  variant.execution = {.kind = variant.is_prepared == nullptr ? Step::Kind::query : Step::Kind::run_prepared,
                       .sql = text_of(variant).c_str(),
                       .name = variant.name.c_str(),
                       .may_write = may_write_};
  return variant;
}

ResultPtr PostgresqlStatement::run(Variant& variant) {
  for (bool again = false;; again = true) {
    const bool fresh = connection_.is_fresh();
    ResultPtr result = send(variant);
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) [[likely]] {
      return result;
    }
    if (status == PGRES_EMPTY_QUERY) throw UsageError("cannot prepare a statement: the text holds none");
    if (!renew(variant, result.get()) || !fresh || again) throw_failed(variant, result.get());
    connection_.begin_again();
  }
}

ResultPtr PostgresqlStatement::send(Variant& variant) {
  variant.execution.binary = variant.format == Format::binary;
  if (variant.is_prepared != nullptr && !*variant.is_prepared) [[unlikely]] {
    return prepare_and_send(variant);
  }
  return connection_.run(variant.execution).result;
}

ResultPtr PostgresqlStatement::prepare_and_send(Variant& variant) {
  const Step steps[] = {variant.preparation(), variant.execution};
  Reply reply = connection_.run(steps);
  if (reply.done > 0) connection_.prepared()->add(variant.name);
  return std::move(reply.result);
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
  const Step steps[] = {{.sql = declare.c_str(), .parameters = variant.execution.parameters},
                        {.sql = fetch.c_str(), .binary = binary}};
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
  ResultPtr result = connection_.run({.sql = fetch.c_str(), .binary = variant_->format == Format::binary}).result;
  if (!has_rows(result.get())) connection_.throw_failed(result.get());
  return result;
}

std::size_t PostgresqlStatement::take(ResultPtr result) {
  open_ = true;
  result_ = std::move(result);
  const PGresult* const got = result_.get();
  learn_columns(got);
  row_ = 0;
  rows_ = PQntuples(got);
  if (variant_->columns.empty() && has_dropped_prepared(got)) [[unlikely]] {
    connection_.forget_prepared();
  }
  if (!cursor_.empty() && static_cast<std::size_t>(rows_) < cursor_rows_) [[unlikely]] {
    connection_.close_later(std::exchange(cursor_, {}), cursor_transaction_);
  }
  return variant_->columns.size();
}

void PostgresqlStatement::learn_columns(const PGresult* result) {
  Variant& variant = *variant_;
  std::vector<Column>& known = variant.columns;
  const auto columns = static_cast<std::size_t>(PQnfields(result));
  const bool binary = columns > 0 && PQfformat(result, 0) == 1;
  if (binary != variant.columns_binary || columns != known.size()) [[unlikely]] {
    known.assign(columns, {});
    variant.decoders.resize(columns);
    variant.columns_binary = binary;
  }
  int number = 0;
  for (Column& column : known) {
    const Oid type = PQftype(result, number);
    if (column.type != type) [[unlikely]] {
      column.type = type;
      variant.decoders[static_cast<std::size_t>(number)] = binary ? binary_decoder(type) : text_decoder(type);
      variant.table = nullptr;
    }
    ++number;
  }
  if (variant.format == Format::unknown && has_rows(result)) [[unlikely]] {
    const bool all_binary = std::all_of(known.begin(), known.end(),
                                        [](const Column& column) { return binary_decoder(column.type) != nullptr; });
    variant.format = all_binary ? Format::binary : Format::text;
  }
}

bool PostgresqlStatement::fetch_portion() {
  if (cursor_.empty()) return false;
  take(next_rows());
  return rows_ != 0;
}

std::span<const mapping::Scalar> PostgresqlStatement::row() {
  buffer_.clear();
  const PGresult* const result = result_.get();
  const int number = row_ - 1;
  const std::vector<Decoder>& decoders = variant_->decoders;
  values_.resize(decoders.size());
  int column = 0;
  for (mapping::Scalar& value : values_) {
    const Decoder decode = decoders[static_cast<std::size_t>(column)];
    const int size = PQgetlength(result, number, column);
    if (is_null(result, number, column, size)) {
      value = {};
    } else {
      const std::string_view bytes(PQgetvalue(result, number, column), static_cast<std::size_t>(size));
      value.become([&] { return decode(bytes, buffer_); });
    }
    ++column;
  }
  return values_;
}

void PostgresqlStatement::read(const mapping::EntityTable& table, void* entity) {
  if (variant_->table != &table) [[unlikely]] {
    learn_fields(table);
  }
  const PGresult* const result = result_.get();
  const int number = row_ - 1;
  const Column* const columns = variant_->columns.data();
  std::size_t at = 0;
  try {
    for (; at < variant_->columns.size(); ++at) {
      const int column = static_cast<int>(at);
      void* const field = static_cast<std::byte*>(entity) + columns[at].offset;
      const int size = PQgetlength(result, number, column);
      if (is_null(result, number, column, size)) {
        table.readers[at].decode({}, field);
        continue;
      }
      const std::string_view bytes(PQgetvalue(result, number, column), static_cast<std::size_t>(size));
      if (columns[at].assign != nullptr) [[likely]] {
        columns[at].assign(bytes, buffer_, field);
      } else {
        buffer_.clear();
        table.readers[at].decode(variant_->decoders[at](bytes, buffer_), field);
      }
    }
  } catch (const ConversionError& error) {
    detail::throw_with_field(error, table, table.fields[at]);
  }
}

void PostgresqlStatement::learn_fields(const mapping::EntityTable& table) {
  const mapping::FieldReader* reader = table.readers.data();
  const Decoder* decoder = variant_->decoders.data();
  for (Column& column : variant_->columns) {
    column.offset = static_cast<std::uint32_t>(reader->offset);
    column.assign = assign_of(*decoder++, *reader++);
  }
  variant_->table = &table;
}

void PostgresqlStatement::give_back() noexcept {
  open_ = false;
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
