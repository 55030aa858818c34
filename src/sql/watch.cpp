// SPDX-License-Identifier: Apache-2.0
#include "sql/watch.hpp"

#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/session.hpp"

#include "sql/database.hpp"

namespace core_lib::sql {
namespace detail {

QueryWatch::QueryWatch(Database& database, std::uint64_t transaction) noexcept
    : observer_(*database.observer()),
      query_{.id = database.next_id(),
             .transaction = transaction,
             .engine = database.driver().dialect().name(),
             .source = database.source()} {}

void QueryWatch::started(std::string_view statement) noexcept {
  query_.statement = statement;
  observer_.query_started(query_);
}

void QueryWatch::failed(const std::exception_ptr& error, std::string_view statement) noexcept {
  query_.statement = statement;
  failed(error);
}

void QueryWatch::ended(Failure failure) noexcept {
  observer_.query_ended(
      query_, {.duration = std::chrono::steady_clock::now() - since_, .rows = rows_, .failure = std::move(failure)});
}

}  // namespace detail

namespace {

TransactionEnd end_of_failed_commit(const std::exception_ptr& error) noexcept {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.is_in_doubt() ? TransactionEnd::unknown : TransactionEnd::commit_failed;
  } catch (...) {
    return TransactionEnd::commit_failed;
  }
}

}  // namespace

void Session::tell_begun() noexcept {
  transaction_ = {database_.next_id(), Deadline::clock::now()};
  database_.observer()->transaction_began(
      {.id = transaction_.id, .engine = database_.driver().dialect().name(), .source = database_.source()});
}

void Session::tell_ended(TransactionEnd end, Deadline::clock::time_point closing_since,
                         const std::exception_ptr& error) noexcept {
  const detail::TransactionWatch watched = std::exchange(transaction_, {});
  if (watched.id == 0) return;
  const auto now = Deadline::clock::now();
  database_.observer()->transaction_ended(
      {.id = watched.id, .engine = database_.driver().dialect().name(), .source = database_.source()},
      {.end = end, .duration = now - watched.began, .closing = now - closing_since, .failure = Failure::of(error)});
}

void Session::commit_transaction() {
  if (transaction_.id == 0) [[likely]] {
    link_->connection->commit();
    return;
  }
  const auto since = Deadline::clock::now();
  try {
    link_->connection->commit();
  } catch (...) {
    const std::exception_ptr error = std::current_exception();
    tell_ended(end_of_failed_commit(error), since, error);
    throw;
  }
  tell_ended(TransactionEnd::committed, since, {});
}

}  // namespace core_lib::sql
