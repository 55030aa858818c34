// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/sql_connection_registry.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "sql/database.hpp"
#include "sql/schema.hpp"

namespace core_lib {

SqlConnectionRegistry::SqlConnectionRegistry(std::unique_ptr<sql::driver::Driver> driver, SqlOptions options)
    : ConnectionRegistry(options.logger),
      database_(std::make_unique<sql::detail::Database>(std::move(driver), std::move(options))),
      name_(database_->driver().description()) {}

SqlConnectionRegistry::~SqlConnectionRegistry() = default;

SqlConnection SqlConnectionRegistry::get() { return get(sql::ScopeOptions{}); }

SqlConnection SqlConnectionRegistry::get(const sql::ScopeOptions& options, std::source_location location) {
  return SqlConnection(open_database(), options, deadline_of(options), location);
}

Deadline SqlConnectionRegistry::deadline_of(const sql::ScopeOptions& options) noexcept {
  return options.deadline ? Deadline::in(*options.deadline) : Deadline::never();
}

bool SqlConnectionRegistry::may_retry(const Error& error, int attempt, const sql::ScopeOptions& options) noexcept {
  return attempt < options.attempts && error.is_retryable();
}

bool SqlConnectionRegistry::back_off(int attempt, Deadline deadline) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int ceiling = 5 << std::min(attempt - 1, 6);  // milliseconds: 5, 10, ... 320, each with full jitter
  const std::chrono::milliseconds pause(std::uniform_int_distribution<int>(1, ceiling)(random));
  if (deadline.remaining() <= pause) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

sql::Result SqlConnectionRegistry::execute_alone(const sql::ScopeOptions& options, const sql::StatementText& sql,
                                                 std::span<const mapping::Scalar> values) {
  const auto run = [&](sql::Session& session) {
    return sql::Result(sql::detail::Execution(session, sql.text, values));
  };
  if (options.access == read_only || options.isolation != Isolation::engine_default) {
    return with(options, run, sql.location);
  }
  const Deadline deadline = deadline_of(options);
  for (int attempt = 1;; ++attempt) {
    try {
      SqlConnection connection(open_database(), options, deadline, sql.location);
      connection.enter().autocommit_ = true;
      return run_scope(connection, run, logger().get());
    } catch (const Error& error) {
      // It was on its way, and its answer is what is missing.
      if (error.breaks_connection() && !error.is_in_doubt()) {
        throw CommitUnknown(
            std::string("a statement that commits on its own may have been done or not: ") + error.what(),
            {.breaks_connection = true, .native_code = error.native_code(), .cause = std::current_exception()});
      }
      if (!may_retry(error, attempt, options) || !back_off(attempt, deadline)) throw;
    }
  }
}

void SqlConnectionRegistry::create_tables(std::span<const sql::detail::TableRef* const> tables) {
  if (!database_->options().create_db) return;
  std::vector<const mapping::EntityTable*> erased;
  for (const sql::detail::TableRef* table : tables) erased.push_back(&table->table());
  const auto statements = sql::detail::create_statements(database_->driver().dialect(), std::move(erased));
  const std::string_view lock = database_->driver().dialect().schema_lock();
  with([&](sql::Session& session) {
    if (!lock.empty()) (void)session.execute(lock);
    for (const std::string& statement : statements) (void)session.execute(statement);
  });
}

sql::detail::Database& SqlConnectionRegistry::open_database() const {
  if (database_->is_closed()) {
    throw UsageError("cannot open a scope on " + name_ + ": its registry was closed");
  }
  return *database_;
}

std::string_view SqlConnectionRegistry::name() const noexcept { return name_; }

Health SqlConnectionRegistry::ping(Deadline deadline) {
  Health health;
  const auto start = Deadline::clock::now();
  try {
    const Lease<sql::detail::SessionLink> link =
        database_->acquire(Access::read_only, deadline, std::source_location::current());
    link->connection->set_deadline(deadline);
    link->connection->ping();
    health.server_version = link->connection->server_version();
    health.healthy = true;
  } catch (const std::exception& error) {
    health.error = error.what();
  }
  health.latency = Deadline::clock::now() - start;
  return health;
}

std::optional<PoolStatistics> SqlConnectionRegistry::pool_statistics() const { return database_->statistics(); }

void SqlConnectionRegistry::close(Deadline deadline) { database_->close(deadline); }

}  // namespace core_lib
