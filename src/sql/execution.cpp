// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/execution.hpp"

#include <string>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/decode.hpp"
#include "sql/session_use.hpp"
#include "sql/transaction_words.hpp"

namespace core_lib::sql::detail {
namespace {

bool is_read(Op statement) {
  return statement == Op::select || statement == Op::get || statement == Op::count_rows || statement == Op::exists;
}

}  // namespace

template <class Take, class Bind>
void Execution::start(bool reads_only, driver::Fetching fetching, Take take, Bind bind) {
  session_.take();
  holds_session_ = true;
  try {
    SessionLink& link = session_.open_link(reads_only ? Session::Work::read : Session::Work::any);
    statement_ = &take(link.statements);
    next_ = session_.executions_;
    session_.executions_ = this;
    session_.database_.log_query(statement_->sql);
    const std::size_t columns = statement_->statement->execute(bind(*statement_), fetching);
    if (statement_->row.size() != columns) statement_->row.resize(columns);
  } catch (...) {
    session_.doom(std::current_exception());
    close();
    throw;
  }
}

Execution::Execution(Session& session, std::span<const Token> shape, std::span<const mapping::Scalar> parameters)
    : session_(session) {
  start(
      is_read(shape[0].op()), driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& { return cache.take(shape); },
      [&](CachedStatement&) { return parameters; });  // shapes without sections number their parameters as they stand
}

Execution::Execution(Session& session, const QueryData& query, driver::Fetching fetching) : session_(session) {
  start(
      is_read(query.tokens[0].op()) && fetching == driver::Fetching::at_once, fetching,
      [&](StatementCache& cache) -> CachedStatement& {
        return cache.take(std::span<const Token>(query.tokens.data(), query.tokens.size()));
      },
      [&](CachedStatement& statement) {
        for (std::size_t i = 0; i < statement.parameters.size(); ++i) {
          statement.bound[i] = query.parameters[statement.parameters[i]].view();
        }
        return std::span<const mapping::Scalar>(statement.bound);
      });
}

Execution::Execution(Session& session, std::string_view sql, std::span<const mapping::Scalar> parameters)
    : session_(session) {
  start(
      false, driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& {
        refuse_transaction_words(sql);
        return cache.take(sql);
      },
      [&](CachedStatement&) { return parameters; });
}

Execution::Execution(Session& session, ControlStatement control) : session_(session) {
  start(
      false, driver::Fetching::at_once,
      [&](StatementCache& cache) -> CachedStatement& { return cache.take(control.sql); },
      [](CachedStatement&) { return std::span<const mapping::Scalar>(); });
}

Execution::~Execution() { close(); }

void Execution::close() noexcept {
  if (statement_ != nullptr) {
    Execution** at = &session_.executions_;
    while (*at != this) at = &(*at)->next_;
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

bool Execution::fetch() {
  const Session::Use use(session_);
  require_open();
  try {
    return statement_->statement->fetch(statement_->row);
  } catch (...) {
    session_.doom(std::current_exception());
    throw;
  }
}

std::span<const mapping::Scalar> Execution::row() const noexcept { return statement_->row; }
std::size_t Execution::column_count() const noexcept { return statement_->row.size(); }
std::string_view Execution::column_name(std::size_t column) const { return statement_->statement->column_name(column); }

void Execution::read(const mapping::EntityTable& table, void* entity) {
  const mapping::Scalar* value = statement_->row.data();
  const mapping::Field* field = table.fields.data();
  try {
    for (const mapping::Field* const end = field + table.fields.size(); field != end; ++field, ++value) {
      field->decode(*value, entity);
    }
  } catch (const ConversionError& error) {
    fail_to_read(error, std::string(table.name) + "." + std::string(field->name));
  }
}

void Execution::read(std::span<const mapping::FieldType* const> types, void* const* targets) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    try {
      types[i]->decode(statement_->row[i], targets[i]);
    } catch (const ConversionError& error) {
      fail_to_read(error, column_name(i));
    }
  }
}

void Execution::fail_to_read(const ConversionError& error, std::string_view column) {
  try {
    throw_with_column(error, column);
  } catch (...) {
    session_.doom(std::current_exception());
    throw;
  }
}

std::uint64_t Execution::finish() {
  while (fetch()) {
  }
  return statement_->statement->rows_matched();
}

}  // namespace core_lib::sql::detail
