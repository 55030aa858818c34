// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/batch.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <string_view>
#include <utility>

#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"
#include "sql/session_use.hpp"
#include "sql/transaction_words.hpp"
#include "sql/watch.hpp"

namespace core_lib::sql {

void driver::Connection::execute_all(const BatchRuns& runs, BatchListener& listener) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& [statement, parameters] = runs[i];
    if (const std::size_t columns = statement.execute(parameters, Fetching::at_once)) {
      listener.read(i, columns);
    } else {
      const std::uint64_t rows = statement.rows_matched();
      statement.close();
      listener.wrote(i, rows);
    }
  }
}

namespace {

// What an allocator has at hand, without a look at the rest of its heap.
constexpr std::size_t small_block = 1000;

}  // namespace

void Batch::add_block(std::size_t values) {
  const std::size_t size = std::max(values, small_block / sizeof(mapping::Scalar));
  if (blocks_.empty()) blocks_.reserve(8);
  blocks_.push_back(std::make_unique<mapping::Scalar[]>(size));
  block_size_ = size;
  used_ = 0;
}

void Batch::add_statement(std::string_view sql, std::span<mapping::Scalar> values) {
  for (mapping::Scalar& value : values) kept_.keep_borrowed(value);
  if (statements_.size() == statements_.capacity()) {
    statements_.reserve(std::max(2 * statements_.size(), small_block / sizeof(driver::BatchRuns::Entry)));
  }
  if (texts_.empty() || texts_.back() != sql) texts_.emplace_back(sql);
  statements_.push_back(
      {static_cast<std::uint32_t>(texts_.size() - 1), static_cast<std::uint32_t>(values.size()), values.data()});
  used_ += values.size();
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
    cached_.reserve(texts.size());
    prepared_.reserve(texts.size());
    for (const std::string& text : texts) {
      auto found = by_text_.find(text);
      if (found == by_text_.end()) {
        detail::refuse_transaction_words(text);
        found = by_text_.emplace(text, &cache_.take(text, trace)).first;
      }
      cached_.push_back(found->second);
      prepared_.push_back(found->second->statement.get());
    }
  }
  [[nodiscard]] detail::CachedStatement& operator[](std::size_t text) const noexcept { return *cached_[text]; }
  [[nodiscard]] std::span<driver::Statement* const> prepared() const noexcept { return prepared_; }

 private:
  detail::StatementCache& cache_;
  std::map<std::string_view, detail::CachedStatement*> by_text_;  // mostly one, which costs less than a table of hashes
  std::vector<detail::CachedStatement*> cached_;
  std::vector<driver::Statement*> prepared_;
};

}  // namespace

/// Reads the results of a batch as they come, and tells observers of each statement.
class Session::BatchReader final : public driver::BatchListener {
 public:
  BatchReader(Session& session, const Batch& batch, const BatchStatements& statements)
      : session_(session), batch_(batch), statements_(statements) {
    results_.reserve(batch.size());
    watch(0);
  }

  void wrote(std::size_t run, std::uint64_t rows) override {
    results_.push_back(Result(rows));
    if (!watch_) return;
    watch_->ended_having_matched(rows);
    watch(run + 1);
  }
  void read(std::size_t run, std::size_t columns) override {
    detail::CachedStatement& statement = statement_of(run);
    statement.columns = columns;
    results_.emplace_back(detail::Execution(session_, statement, std::move(watch_)));
    watch(run + 1);
  }
  void failed(const std::exception_ptr& error) noexcept {
    if (watch_) watch_->failed(error);
  }
  std::vector<Result> results() && { return std::move(results_); }

 private:
  /// A run starts, or its turn has come.
  void watch(std::size_t run) {
    detail::Database& database = session_.database_;
    if (database.observer() == nullptr) return;
    watch_.reset();
    if (run == batch_.size()) return;
    watch_ = std::make_unique<detail::QueryWatch>(database, session_.transaction_.id);
    watch_->started(statement_of(run).fingerprint(database.driver().dialect()));
  }
  [[nodiscard]] detail::CachedStatement& statement_of(std::size_t run) const noexcept {
    return statements_[batch_.statements_[run].statement];
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
    BatchReader reader(*this, batch, statements);
    try {
      link.connection->execute_all({statements.prepared(), batch.statements_}, reader);
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
