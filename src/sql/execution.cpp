// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/execution.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/decode.hpp"
#include "sql/misfit.hpp"
#include "sql/session_use.hpp"
#include "sql/transaction_words.hpp"
#include "sql/watch.hpp"

namespace core_lib::sql::detail {
namespace {

bool is_read(Op statement) {
  return statement == Op::select || statement == Op::get || statement == Op::count_rows || statement == Op::exists;
}

mapping::Scalar bound_value(Binding binding, const QueryData& query) {
  const mapping::Scalar value = query.parameters[binding.parameter].view();
  if (binding.value == Binding::whole) return value;
  const std::span<const mapping::Scalar> list = value.as_list();
  return list[std::min<std::size_t>(binding.value, list.size() - 1)];
}

}  // namespace

/// @param entity  the table of a statement that we have written, or null
template <class Take, class Bind>
void Execution::start(const TableRef* entity, bool reads_only, driver::Fetching fetching, Take take, Bind bind) {
  if (entity != nullptr) table_ = &entity->table();
  session_.take();
  holds_session_ = true;
  try {
    SessionLink& link = session_.open_link(reads_only ? Session::Work::read : Session::Work::any);
    Database& database = session_.database_;
    if (database.observer() != nullptr) [[unlikely]] {
      watch_ = std::make_unique<QueryWatch>(database, session_.transaction_.id);
    }
    statement_ = &take(link.statements);
    next_ = session_.executions_;
    session_.executions_ = this;
    if (watch_) [[unlikely]] {
      watch_->started(statement_->fingerprint(database.driver().dialect()));
    }
    statement_->columns = statement_->statement->execute(bind(*statement_), fetching);
  } catch (const SyntaxError& error) {
    try {
      if (table_ != nullptr) throw_with_entity(error, *table_);
      throw;
    } catch (...) {
      fail_to_start();
    }
  } catch (...) {
    fail_to_start();
  }
}

/// @pre an exception is being handled
void Execution::fail_to_start() {
  fail();
  close();
  throw;
}

/// @pre an exception is being handled
void Execution::fail() noexcept {
  const std::exception_ptr error = std::current_exception();
  session_.doom(error);
  if (!watch_) return;
  if (statement_ != nullptr) {
    watch_->failed(error);
  } else {
    watch_->failed(error, session_.link_->statements.refused());
  }
  watch_.reset();
}

void Execution::tell_fetched(bool more) noexcept {
  if (more) {
    watch_->count_row();
    return;
  }
  if (column_count() == 0) {
    watch_->ended_having_matched(statement_->statement->rows_matched());
  } else {
    watch_->ended();
  }
  watch_.reset();
}

Execution::Execution(Session& session, std::span<const Token> shape, std::span<const mapping::Scalar> parameters)
    : session_(session) {
  start(
      &shape[1].table(), is_read(shape[0].op()), driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& { return cache.take(shape, session.options_.traceparent); },
      [&](CachedStatement&) { return parameters; });  // shapes without sections number their parameters as they stand
}

Execution::Execution(Session& session, const QueryData& query, driver::Fetching fetching) : session_(session) {
  start(
      &query.tokens[1].table(), is_read(query.tokens[0].op()) && fetching == driver::Fetching::at_once, fetching,
      [&](StatementCache& cache) -> CachedStatement& {
        return cache.take(std::span<const Token>(query.tokens.data(), query.tokens.size()),
                          session.options_.traceparent);
      },
      [&](CachedStatement& statement) {
        for (std::size_t i = 0; i < statement.bindings.size(); ++i) {
          statement.bound[i].become([&] { return bound_value(statement.bindings[i], query); });
        }
        return std::span<const mapping::Scalar>(statement.bound);
      });
}

Execution::Execution(Session& session, std::string_view sql, std::span<const mapping::Scalar> parameters)
    : session_(session) {
  start(
      nullptr, false, driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& {
        refuse_transaction_words(sql);
        return cache.take(sql, session.options_.traceparent);
      },
      [&](CachedStatement&) { return parameters; });
}

Execution::Execution(Session& session, ControlStatement control) : session_(session) {
  start(
      nullptr, false, driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& { return cache.take(control.sql); },
      [](CachedStatement&) { return std::span<const mapping::Scalar>(); });
}

Execution::Execution(Session& session, CachedStatement& ran, std::unique_ptr<QueryWatch> watch)
    : session_(session), statement_(&ran), owns_statement_(false), watch_(std::move(watch)) {}

Execution::~Execution() { close(); }

void Execution::close() noexcept {
  if (watch_) [[unlikely]] {  // its reader broke off
    watch_->ended();
    watch_.reset();
  }
  if (statement_ != nullptr && !owns_statement_) [[unlikely]] {
    statement_->statement->close();
    statement_ = nullptr;
  }
  if (statement_ != nullptr) [[likely]] {
    Execution** at = &session_.executions_;
    while (*at != this) [[unlikely]] {
      at = &(*at)->next_;
    }
    *at = next_;
    session_.link_->statements.give_back(*statement_);
    statement_ = nullptr;
  }
  if (std::exchange(holds_session_, false)) session_.let_go();
}

void Execution::require_open() const {
  if (statement_ == nullptr) {
    throw UsageError(
        "a cursor was read after its transaction had ended; read it before commit(), rollback() and the "
        "end of the scope");
  }
}

bool Execution::fetch_for_cursor() {
  const Session::Use use(session_);
  require_open();
  return fetch();
}

bool Execution::fetch() {
  try {
    const bool more = statement_->statement->fetch();
    if (watch_) [[unlikely]] {
      tell_fetched(more);
    }
    return more;
  } catch (const SyntaxError& error) {  // the table was changed since the statement was prepared
    try {
      if (table_ != nullptr) throw_with_entity(error, *table_);
      throw;
    } catch (...) {
      fail();
      throw;
    }
  } catch (...) {
    fail();
    throw;
  }
}

std::size_t Execution::rows_ahead() const noexcept { return statement_->statement->rows_ahead(); }
std::size_t Execution::column_count() const noexcept { return statement_->columns; }
std::string_view Execution::column_name(std::size_t column) const { return statement_->statement->column_name(column); }

std::span<const mapping::Scalar> Execution::row() {
  try {
    return statement_->statement->row();
  } catch (...) {
    fail();
    throw;
  }
}

void Execution::read(const mapping::EntityTable& table, void* entity) {
  try {
    statement_->statement->read(table, entity);
  } catch (...) {
    fail();
    throw;
  }
}

void Execution::read(std::span<const mapping::FieldType* const> types, void* const* targets) {
  const std::span<const mapping::Scalar> values = row();
  std::size_t column = 0;
  try {
    for (; column < types.size(); ++column) types[column]->decode(values[column], targets[column]);
  } catch (const ConversionError& error) {
    fail_to_read(error, column_name(column));
  }
}

void Execution::fail_to_read(const ConversionError& error, std::string_view column) {
  try {
    throw_with_column(error, column);
  } catch (...) {
    fail();
    throw;
  }
}

std::uint64_t Execution::finish() {
  while (fetch()) {
  }
  return statement_->statement->rows_matched();
}

}  // namespace core_lib::sql::detail
