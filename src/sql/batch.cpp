// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/batch.hpp"

#include <algorithm>
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
  if (statements_.empty()) {  // one alone would need no batch, and some kilobytes cost less than growing does
    constexpr std::size_t expected = 64;
    statements_.reserve(expected);
    values_.reserve(expected * std::min<std::size_t>(values_.size(), 16));
  }
  if (texts_.empty() || texts_.back() != sql) texts_.emplace_back(sql);
  statements_.push_back({texts_.size() - 1, values_.size()});
}

namespace {

/// The statements of a batch, each prepared once, however often it occurs.
class BatchStatements {
 public:
  explicit BatchStatements(detail::StatementCache& cache) : cache_(cache) {}
  BatchStatements(const BatchStatements&) = delete;
  BatchStatements& operator=(const BatchStatements&) = delete;
  ~BatchStatements() {
    for (const auto& [text, statement] : by_text_) cache_.give_back(*statement);
  }

  void take(std::span<const std::string> texts, const std::optional<TraceParent>& trace) {
    statements_.reserve(texts.size());
    for (const std::string& text : texts) {
      if (const auto found = by_text_.find(text); found != by_text_.end()) {
        statements_.push_back(found->second);
        continue;
      }
      detail::refuse_transaction_words(text);
      statements_.push_back(&cache_.take(text, trace));
      by_text_.emplace(text, statements_.back());
    }
  }
  [[nodiscard]] detail::CachedStatement& operator[](std::size_t text) const noexcept { return *statements_[text]; }

 private:
  detail::StatementCache& cache_;
  std::unordered_map<std::string_view, detail::CachedStatement*> by_text_;
  std::vector<detail::CachedStatement*> statements_;
};

}  // namespace

/// Reads the results of a batch as they come, and tells observers of each statement.
class Session::BatchReader final : public driver::BatchListener {
 public:
  BatchReader(Session& session, const Batch& batch, const BatchStatements& statements)
      : session_(session), batch_(batch), statements_(statements) {
    results_.reserve(batch.size());
  }

  void begins(std::size_t run) override {
    detail::Database& database = session_.database_;
    if (database.observer() == nullptr) return;
    watch_ = std::make_unique<detail::QueryWatch>(database, session_.transaction_.id);
    watch_->started(statement_of(run).fingerprint(database.driver().dialect()));
  }
  void ran(std::size_t run, std::size_t columns) override {
    detail::CachedStatement& statement = statement_of(run);
    if (columns == 0 && watch_ == nullptr) {
      results_.push_back(Result(statement.statement->rows_matched()));
      statement.statement->close();
      return;
    }
    if (statement.row.size() != columns) statement.row.resize(columns);
    results_.emplace_back(detail::Execution(session_, statement, std::move(watch_)));
  }
  void failed(const std::exception_ptr& error) noexcept {
    if (watch_) watch_->failed(error);
  }
  std::vector<Result> results() && { return std::move(results_); }

 private:
  [[nodiscard]] detail::CachedStatement& statement_of(std::size_t run) const noexcept {
    return statements_[batch_.statements_[run].text];
  }

  Session& session_;
  const Batch& batch_;
  const BatchStatements& statements_;
  std::unique_ptr<detail::QueryWatch> watch_;
  std::vector<Result> results_;
};

std::vector<Result> Session::execute(const Batch& batch) {
  if (batch.size() == 0) return {};
  const Use use(*this);
  try {
    detail::SessionLink& link = open_link(Work::any);
    BatchStatements statements(link.statements);
    statements.take(batch.texts_, options_.traceparent);
    std::vector<driver::BatchRun> runs;
    runs.reserve(batch.size());
    std::size_t begin = 0;
    for (const auto& [text, end] : batch.statements_) {
      runs.push_back({*statements[text].statement, std::span(batch.values_).subspan(begin, end - begin)});
      begin = end;
    }
    BatchReader reader(*this, batch, statements);
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
