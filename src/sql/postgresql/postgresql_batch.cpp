// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_batch.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::postgresql {

PostgresqlBatch::PostgresqlBatch(PostgresqlConnection& connection, std::span<const driver::BatchRun> runs)
    : connection_(connection) {
  Parameters::Room room;
  for (const driver::BatchRun& run : runs) room.add(run.parameters);
  parameters_.begin(room);
  runs_.reserve(runs.size());
  for (const driver::BatchRun& run : runs) {
    auto& statement = static_cast<PostgresqlStatement&>(run.statement);
    statement.close();
    statement.check_count(run.parameters.size());
    const ParameterView parameters = parameters_.add(run.parameters);
    runs_.push_back({.statement = &statement, .parameters = parameters, .variant = &statement.variant(parameters)});
  }
}

PostgresqlConnection::Outcome PostgresqlBatch::send() {
  PreparedNames* const names = connection_.prepared();
  std::unordered_set<std::string_view> preparing;
  const PostgresqlStatement::Variant* last = nullptr;
  steps_.clear();
  steps_.reserve(runs_.size() + 1);
  for (Run& run : runs_) {
    const char* const sql = run.statement->sql_.c_str();
    const PostgresqlStatement::Variant& variant = *run.variant;
    const bool looked_at = std::exchange(last, &variant) == &variant;
    if (!looked_at && names != nullptr && !names->is_prepared(variant.name) && preparing.insert(variant.name).second) {
      steps_.push_back({.kind = Step::Kind::prepare, .sql = sql, .name = variant.name.c_str(), .types = variant.types});
    }
    run.step = steps_.size();
    steps_.push_back({.kind = names != nullptr ? Step::Kind::run_prepared : Step::Kind::query,
                      .sql = sql,
                      .name = variant.name.c_str(),
                      .parameters = run.parameters,
                      .binary = variant.format == PostgresqlStatement::Format::binary,
                      .may_write = run.statement->may_write_});
  }
  PostgresqlConnection::Outcome outcome = connection_.run(steps_);
  for (std::size_t i = 0; i < std::min(outcome.done, steps_.size()); ++i) {
    if (steps_[i].kind == Step::Kind::prepare) names->add(steps_[i].name);
  }
  return outcome;
}

/// The run that a step belongs to, be it to prepare or to run.
const PostgresqlBatch::Run& PostgresqlBatch::run_of(std::size_t step) const noexcept {
  return *std::find_if(runs_.begin(), runs_.end(), [&](const Run& run) { return run.step >= step; });
}

PostgresqlConnection::Outcome PostgresqlBatch::send_until_started() {
  for (bool again = false;; again = true) {
    const bool fresh = connection_.is_fresh();
    PostgresqlConnection::Outcome outcome = send();
    if (outcome.done == steps_.size()) return outcome;
    const Run& failed = run_of(outcome.done);
    if (!fresh || again || !failed.statement->renew(*failed.variant, outcome.result.get())) return outcome;
    connection_.begin_again();
  }
}

void PostgresqlBatch::run(driver::BatchListener& listener) {
  listener.begins(0);
  PostgresqlConnection::Outcome outcome = send_until_started();
  std::vector<EarlierResult> results = std::move(outcome.earlier);
  results.push_back({.result = std::move(outcome.result)});
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    if (i != 0) listener.begins(i);
    PostgresqlStatement& statement = *runs_[i].statement;
    const std::size_t step = runs_[i].step;
    if (step >= outcome.done) statement.throw_failed(results.back().result.get());
    if (PQresultStatus(results[step].result.get()) == PGRES_EMPTY_QUERY) {
      throw UsageError("cannot prepare a statement: the text holds none");
    }
    statement.variant_ = runs_[i].variant;
    listener.ran(i, statement.take(std::move(results[step])));
  }
}

}  // namespace core_lib::sql::postgresql
