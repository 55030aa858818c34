// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/batch.hpp"

#include <memory>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core_lib/sql/driver/batch_run.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/session_use.hpp"
#include "sql/transaction_words.hpp"
#include "sql/watch.hpp"

namespace core_lib::sql {

void driver::Connection::execute_all(std::span<const BatchRun> runs, BatchListener& listener) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    listener.begins(i);
    listener.ran(i, runs[i].statement.execute(runs[i].parameters, Fetching::at_once));
  }
}

void Batch::add_statement(std::string_view sql) {
  if (texts_.empty() || texts_.back() != sql) texts_.emplace_back(sql);
  statements_.push_back({texts_.size() - 1, values_.size()});
}

namespace {

/// The statements of a batch, each prepared once, however often it occurs.
class BatchStatements {
 public:
  BatchStatements(detail::StatementCache& cache, const std::optional<TraceParent>& trace)
      : cache_(cache), trace_(trace) {}
  BatchStatements(const BatchStatements&) = delete;
  BatchStatements& operator=(const BatchStatements&) = delete;
  ~BatchStatements() {
    for (const auto& [text, statement] : by_text_) cache_.give_back(*statement);
  }

  detail::CachedStatement& take(std::string_view sql) {
    if (const auto found = by_text_.find(sql); found != by_text_.end()) return *found->second;
    detail::refuse_transaction_words(sql);
    return *by_text_.emplace(sql, &cache_.take(sql, trace_)).first->second;
  }

 private:
  detail::StatementCache& cache_;
  const std::optional<TraceParent>& trace_;
  std::unordered_map<std::string_view, detail::CachedStatement*> by_text_;
};

}  // namespace

/// Reads the results of a batch as they come, and tells observers of each statement.
class Session::BatchReader final : public driver::BatchListener {
 public:
  BatchReader(Session& session, std::span<detail::CachedStatement* const> statements)
      : session_(session), statements_(statements) {
    results_.reserve(statements.size());
  }

  void begins(std::size_t run) override {
    detail::Database& database = session_.database_;
    if (database.observer() == nullptr) return;
    watch_ = std::make_unique<detail::QueryWatch>(database, session_.transaction_.id);
    watch_->started(statements_[run]->fingerprint(database.driver().dialect()));
  }
  void ran(std::size_t run, std::size_t columns) override {
    detail::CachedStatement& statement = *statements_[run];
    if (statement.row.size() != columns) statement.row.resize(columns);
    results_.emplace_back(detail::Execution(session_, statement, std::move(watch_)));
  }
  void failed(const std::exception_ptr& error) noexcept {
    if (watch_) watch_->failed(error);
  }
  std::vector<Result> results() && { return std::move(results_); }

 private:
  Session& session_;
  std::span<detail::CachedStatement* const> statements_;
  std::unique_ptr<detail::QueryWatch> watch_;
  std::vector<Result> results_;
};

std::vector<Result> Session::execute(const Batch& batch) {
  if (batch.size() == 0) return {};
  const Use use(*this);
  try {
    detail::SessionLink& link = open_link(Work::any);
    BatchStatements prepared(link.statements, options_.traceparent);
    std::vector<detail::CachedStatement*> statements;
    std::vector<driver::BatchRun> runs;
    statements.reserve(batch.size());
    runs.reserve(batch.size());
    std::size_t begin = 0;
    for (const auto& [text, end] : batch.statements_) {
      statements.push_back(&prepared.take(batch.texts_[text]));
      runs.push_back({*statements.back()->statement, std::span(batch.values_).subspan(begin, end - begin)});
      begin = end;
    }
    BatchReader reader(*this, statements);
    try {
      link.connection->execute_all(runs, reader);
    } catch (...) {
      reader.failed(std::current_exception());
      throw;
    }
    return std::move(reader).results();
  } catch (...) {
    doom(std::current_exception());
    throw;
  }
}

}  // namespace core_lib::sql
