// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/postgresql_batch.hpp"

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::sql::postgresql {
namespace {

PostgresqlStatement& postgresql(driver::Statement& statement) { return static_cast<PostgresqlStatement&>(statement); }

}  // namespace

PostgresqlBatch::PostgresqlBatch(PostgresqlConnection& connection, const driver::BatchRuns& runs)
    : connection_(connection), runs_(runs) {
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const auto& [each, parameters] = runs[i];
    postgresql(each).check_count(parameters.size());
    require_storable(parameters);
    may_write_ = may_write_ || postgresql(each).may_write_;
  }
}

Reply PostgresqlBatch::send() {
  PreparedNames* const names = connection_.prepared();
  std::unordered_set<std::string_view> preparing;
  const auto add = [&](Wire& wire) {
    preparing.clear();
    stretches_.clear();
    steps_ = 0;
    PostgresqlStatement::Variant* last = nullptr;
    for (std::size_t run = 0; run < runs_.size(); ++run) {
      const auto& [each, values] = runs_[run];
      PostgresqlStatement& statement = postgresql(each);
      const ParameterView parameters = statement.bind(values, Parameters::Texts::terminated);
      PostgresqlStatement::Variant& variant = statement.variant(parameters);
      if (&variant != last) {
        const bool prepares = names != nullptr && !*variant.is_prepared && preparing.insert(variant.name).second;
        stretches_.push_back({&variant, run, steps_, prepares});
        if (prepares) {
          wire.add(variant.preparation());
          ++steps_;
        }
        last = &variant;
      }
      const bool binary = variant.format == PostgresqlStatement::Format::binary;
      if (names != nullptr) {
        wire.add_execution(variant.name.c_str(), parameters, binary);
      } else {
        wire.add({.sql = statement.text_of(variant).c_str(), .parameters = parameters, .binary = binary});
      }
      ++steps_;
    }
  };
  Reply reply = connection_.run(may_write_, std::ref(add));
  for (const Stretch& stretch : stretches_) {
    if (stretch.prepares && stretch.step < reply.done) names->add(stretch.variant->name);
  }
  return reply;
}

Reply PostgresqlBatch::send_until_started() {
  std::unordered_set<const PostgresqlStatement::Variant*> renewed;
  for (;;) {
    const bool fresh = connection_.is_fresh();
    Reply reply = send();
    if (reply.done == steps_) return reply;
    const Stretch& failed = *std::find_if(stretches_.rbegin(), stretches_.rend(),
                                          [&](const Stretch& stretch) { return stretch.step <= reply.done; });
    PostgresqlStatement& statement = postgresql(runs_[failed.run].statement);
    const bool is_renewed = statement.renew(*failed.variant, reply.result.get());
    if (!is_renewed || !fresh || !renewed.insert(failed.variant).second) return reply;
    connection_.begin_again();
  }
}

void PostgresqlBatch::run(driver::BatchListener& listener) {
  Reply reply = send_until_started();
  for (auto stretch = stretches_.begin(); stretch != stretches_.end(); ++stretch) {
    PostgresqlStatement& statement = postgresql(runs_[stretch->run].statement);
    const auto next = std::next(stretch);
    const std::size_t end = next == stretches_.end() ? runs_.size() : next->run;
    std::size_t step = stretch->step + (stretch->prepares ? 1 : 0);
    for (std::size_t run = stretch->run; run != end; ++run, ++step) {
      if (step >= reply.done) statement.throw_failed(*stretch->variant, reply.result.get());
      StepResult& done = reply.earlier[step];
      if (!done.result) {
        listener.wrote(run, done.written);
        continue;
      }
      if (PQresultStatus(done.result.get()) == PGRES_EMPTY_QUERY) {
        throw UsageError("cannot prepare a statement: the text holds none");
      }
      statement.variant_ = stretch->variant;
      listener.read(run, statement.take(std::move(done.result)));
    }
  }
}

}  // namespace core_lib::sql::postgresql
