// SPDX-License-Identifier: Apache-2.0
#include "sql/database.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/clock.hpp"
#include "core_lib/observability/query_log.hpp"

namespace core_lib::sql::detail {
namespace {

bool is_alive(SessionLink& link, Deadline deadline) {
  try {
    link.connection->set_deadline(deadline);
    link.connection->ping();
    return true;
  } catch (const Error&) {
    return false;
  }
}

bool is_clean(SessionLink& link) { return link.connection->is_clean(); }

}  // namespace

Database::Database(std::unique_ptr<driver::Driver> driver, SqlOptions options)
    : options_(std::move(options)),
      observer_(options_.log_queries
                    ? combine_observers({std::make_shared<QueryLog>(options_.logger), options_.observer})
                    : options_.observer),
      driver_(std::move(driver)),
      source_(driver_->description()) {
  if (options_.pool.name == PoolOptions().name) options_.pool.name = source_;
  const driver::Concurrency concurrency = driver_->concurrency();
  PoolOptions writers = options_.pool;
  if (concurrency.max_writers) {
    writers.max_size = *concurrency.max_writers;
    writers.max_overflow = 0;
    writers.min_idle = std::min(writers.min_idle, writers.max_size);
    // A database in memory lives in its connection, and one writer is cheap to keep.
    writers.idle_timeout = writers.max_lifetime = std::chrono::milliseconds{0};
  }
  writers_ = make_pool(Access::read_write, writers);
  if (concurrency.separate_readers) {
    PoolOptions readers = options_.pool;
    readers.name += " (readers)";
    readers_ = make_pool(Access::read_only, readers);
  }
  // A wrong path or password shows now, not at the first request.
  acquire(Access::read_write, Deadline::in(options_.pool.acquire_timeout), std::source_location::current()).release();
}

std::unique_ptr<Database::LinkPool> Database::make_pool(Access access, PoolOptions options) {
  PoolHooks<SessionLink> hooks;
  hooks.connect = [this, access](Deadline deadline) {
    return std::make_unique<SessionLink>(driver_->connect(access, deadline), driver_->dialect());
  };
  hooks.is_alive = is_alive;
  hooks.reset = is_clean;
  return std::make_unique<LinkPool>(std::move(options), std::move(hooks), options_.logger, system_clock(), observer_);
}

Lease<SessionLink> Database::acquire(Access access, Deadline deadline, std::source_location where) {
  LinkPool& pool = access == Access::read_only && readers_ ? *readers_ : *writers_;
  Lease<SessionLink> link = pool.acquire(deadline, where);
  for (int attempt = 1; !link->connection->is_usable() && attempt < 3; ++attempt) [[unlikely]] {
    // The server ended it while nobody used it; its sisters have most likely met the same fate.
    link.condemn();
    link.release();
    link = pool.acquire(deadline, where);
  }
  return link;
}

PoolStatistics Database::statistics() const {
  PoolStatistics sum = writers_->statistics();
  if (readers_) sum += readers_->statistics();
  return sum;
}

void Database::close(Deadline deadline) {
  closed_.store(true, std::memory_order_relaxed);
  // Readers first: the last connection of a SQLite file to close folds its log into it.
  if (readers_) readers_->close(deadline);
  writers_->close(deadline);
}

}  // namespace core_lib::sql::detail
