// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_batch.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::postgresql {
namespace {

PostgresqlStatement& statement_of(const driver::BatchRun& run) {
  return static_cast<PostgresqlStatement&>(run.statement);
}

}  // namespace

PostgresqlBatch::PostgresqlBatch(PostgresqlConnection& connection, std::span<const driver::BatchRun> runs)
    : connection_(connection), runs_(runs) {
  for (const driver::BatchRun& run : runs) {
    PostgresqlStatement& statement = statement_of(run);
    statement.check_count(run.parameters.size());
    require_storable(run.parameters);
    may_write_ = may_write_ || statement.may_write_;
  }
  places_.reserve(runs.size());
}

PostgresqlConnection::Outcome PostgresqlBatch::send() {
  PreparedNames* const names = connection_.prepared();
  std::vector<Place> preparing;
  std::unordered_set<std::string_view> names_preparing;
  std::size_t steps = 0;
  places_.clear();
  PostgresqlConnection::Outcome outcome = connection_.run(may_write_, [&](Wire& wire) {
    for (const driver::BatchRun& run : runs_) {
      PostgresqlStatement& statement = statement_of(run);
      const ParameterView parameters = statement.bind(run.parameters);
      PostgresqlStatement::Variant& variant = statement.variant(parameters);
      const char* const sql = statement.text_of(variant).c_str();
      const bool seen = !places_.empty() && places_.back().variant == &variant;
      if (!seen && names != nullptr && !names->is_prepared(variant.name) &&
          names_preparing.insert(variant.name).second) {
        preparing.push_back({&variant, steps++});
        wire.add({.kind = Step::Kind::prepare, .sql = sql, .name = variant.name.c_str(), .types = variant.types});
      }
      places_.push_back({&variant, steps++});
      wire.add({.kind = names != nullptr ? Step::Kind::run_prepared : Step::Kind::query,
                .sql = sql,
                .name = variant.name.c_str(),
                .parameters = parameters,
                .binary = variant.format == PostgresqlStatement::Format::binary});
    }
  });
  for (const Place& each : preparing) {
    if (each.step < outcome.done) names->add(each.variant->name);
  }
  return outcome;
}

PostgresqlConnection::Outcome PostgresqlBatch::send_until_started() {
  std::unordered_set<const PostgresqlStatement::Variant*> renewed;
  for (;;) {
    const bool fresh = connection_.is_fresh();
    PostgresqlConnection::Outcome outcome = send();
    if (outcome.done > places_.back().step) return outcome;
    // What failed may have been to prepare it.
    const auto failed =
        std::find_if(places_.begin(), places_.end(), [&](const Place& place) { return place.step >= outcome.done; });
    PostgresqlStatement& statement = statement_of(runs_[static_cast<std::size_t>(failed - places_.begin())]);
    const bool is_renewed = statement.renew(*failed->variant, outcome.result.get());
    if (!is_renewed || !fresh || !renewed.insert(failed->variant).second) return outcome;
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
    PostgresqlStatement& statement = statement_of(runs_[i]);
    const std::size_t step = places_[i].step;
    if (step >= outcome.done) statement.throw_failed(*places_[i].variant, results.back().result.get());
    if (PQresultStatus(results[step].result.get()) == PGRES_EMPTY_QUERY) {
      throw UsageError("cannot prepare a statement: the text holds none");
    }
    statement.variant_ = places_[i].variant;
    listener.ran(i, statement.take(std::move(results[step])));
  }
}

}  // namespace core_lib::sql::postgresql
