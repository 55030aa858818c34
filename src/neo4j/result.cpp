// SPDX-License-Identifier: Apache-2.0
#include "core_lib/neo4j/result.hpp"

#include "core_lib/error/error.hpp"
#include "core_lib/observability/logger.hpp"

#include "neo4j/result_core.hpp"

namespace core_lib::neo4j {

Result::Result(std::shared_ptr<ResultCore> core) noexcept : core_(std::move(core)) {}
Result::Result(Result&&) noexcept = default;
Result& Result::operator=(Result&&) noexcept = default;
Result::~Result() = default;

const std::vector<std::string>& Result::keys() const {
  core_->await_run();
  return *core_->keys();
}

const detail::Row* Result::next_row() { return core_->next(); }

std::optional<Record> Result::next() {
  const detail::Row* row = core_->next();
  return row == nullptr ? std::nullopt : std::optional<Record>(std::in_place, core_->keys(), *row);
}

std::optional<Record> Result::peek() {
  const detail::Row* row = core_->peek();
  return row == nullptr ? std::nullopt : std::optional<Record>(std::in_place, core_->keys(), *row);
}

Record Result::single() {
  std::optional<Record> record = next();
  if (!record) throw NotFoundError("the query gave no record where exactly one was expected");
  if (peek()) {
    core_->discard_all();
    throw UsageError("the query gave several records where exactly one was expected");
  }
  return *std::move(record);
}

std::optional<Record> Result::single_optional() {
  std::optional<Record> record = next();
  if (record && peek()) {
    core_->discard_all();
    default_logger()->write(LogLevel::warning, "neo4j", "a query gave several records where one at most was expected");
  }
  return record;
}

std::vector<Record> Result::list() {
  core_->fetch_everything();
  std::vector<Record> all;
  while (std::optional<Record> record = next()) all.push_back(*std::move(record));
  return all;
}

Summary Result::consume() { return core_->summary(); }

}  // namespace core_lib::neo4j
