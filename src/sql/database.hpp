// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/observability/observer.hpp"
#include "core_lib/pool/pool.hpp"
#include "core_lib/sql/driver/driver.hpp"
#include "core_lib/sql/scope_options.hpp"
#include "core_lib/sql/sql_options.hpp"

#include "sql/session_link.hpp"

namespace core_lib::sql::detail {

/// What the sessions of one registry share: the driver, and a pool of links for each access that has its own.
/// Thread safety: all functions.
class Database {
 public:
  Database(std::unique_ptr<driver::Driver> driver, SqlOptions options);

  [[nodiscard]] Lease<SessionLink> acquire(Access access, Deadline deadline, std::source_location where);
  [[nodiscard]] PoolStatistics statistics() const;
  void close(Deadline deadline);
  /// True where a scope's first query may run without a transaction: it sees and does the same.
  [[nodiscard]] bool reads_alone(const ScopeOptions& options) const noexcept {
    return options.access == Access::read_only && options.isolation == Isolation::engine_default &&
           driver_->concurrency().snapshot_per_statement;
  }
  [[nodiscard]] bool is_closed() const noexcept { return closed_.load(std::memory_order_relaxed); }

  /// Null where nobody watches.
  [[nodiscard]] Observer* observer() const noexcept { return observer_.get(); }
  /// Looks at the clock only where somebody watches.
  [[nodiscard]] Deadline::clock::time_point observed_now() const noexcept {
    return observer_ ? Deadline::clock::now() : Deadline::clock::time_point{};
  }
  /// For what observers tell apart; never 0.
  [[nodiscard]] std::uint64_t next_id() noexcept { return last_id_.fetch_add(1, std::memory_order_relaxed) + 1; }
  /// As driver::Driver::description(), which was asked once.
  [[nodiscard]] std::string_view source() const noexcept { return source_; }

  void warn(std::string_view message) const { options_.logger->write(LogLevel::warning, "sql", message); }
  void error(std::string_view message) const { options_.logger->write(LogLevel::error, "sql", message); }

  [[nodiscard]] const SqlOptions& options() const noexcept { return options_; }
  [[nodiscard]] const driver::Driver& driver() const noexcept { return *driver_; }

 private:
  using LinkPool = Pool<SessionLink>;
  [[nodiscard]] std::unique_ptr<LinkPool> make_pool(Access access, PoolOptions options);

  SqlOptions options_;
  std::shared_ptr<Observer> observer_;
  std::unique_ptr<driver::Driver> driver_;
  std::string source_;
  std::atomic<std::uint64_t> last_id_{0};
  std::atomic<bool> closed_{false};
  std::unique_ptr<LinkPool> writers_;
  std::unique_ptr<LinkPool> readers_;  // null where the writers serve reading scopes too
};

}  // namespace core_lib::sql::detail
