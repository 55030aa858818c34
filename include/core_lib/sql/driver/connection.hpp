// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core_lib/connection/access.hpp"
#include "core_lib/observability/deadline.hpp"
#include "core_lib/sql/driver/batch_runs.hpp"
#include "core_lib/sql/driver/row_source.hpp"
#include "core_lib/sql/driver/statement.hpp"
#include "core_lib/sql/isolation.hpp"

namespace core_lib::sql::driver {

/// How a transaction begins.
struct TransactionOptions {
  Access access = Access::read_write;
  Isolation isolation = Isolation::engine_default;

  bool operator==(const TransactionOptions&) const = default;
};

/// One link to a database, used by one session at a time.
/// Thread safety: none, except cancel(). Errors: core_lib::Error of the class that its table of native codes says; one
/// that breaks the connection says so, and is_usable() is false from then on.
class Connection {
 public:
  virtual ~Connection() = default;

  /// Prepares one statement. Errors: SyntaxError; UsageError where the text holds a second one or none.
  [[nodiscard]] virtual std::unique_ptr<Statement> prepare(std::string_view sql) = 0;

  /// Runs statements in order, and stops at the first that fails; an engine that can sends all of them at once.
  virtual void execute_all(const BatchRuns& runs, BatchListener& listener);

  /// True where load() serves this table, for rows that bring the key or leave it to the database. Errors: as those of
  /// a statement.
  [[nodiscard]] virtual bool can_load(std::string_view /*table*/, bool /*with_key*/) { return false; }
  /// Stores rows by the statement that Dialect::load() made. False where the table has changed since can_load() looked
  /// at it: no row was taken, and it is to be asked again. Errors: as those of an INSERT; what `rows` throws passes.
  /// @pre can_load()
  [[nodiscard]] virtual bool load(std::string_view /*sql*/, RowSource& /*rows*/) { return false; }

  /// Begins a transaction; it may be sent with its first statement.
  virtual void begin(const TransactionOptions& options) = 0;
  /// Returns once the commit is acknowledged. Afterwards there is no transaction, whatever the outcome.
  /// @throws CommitFailed   nothing was stored
  /// @throws CommitUnknown  nobody knows
  virtual void commit() = 0;
  /// Undoes what was done since begin(). Does nothing where there is no transaction.
  virtual void rollback() = 0;
  /// False too where the engine itself ended the transaction, say after an error.
  [[nodiscard]] virtual bool in_transaction() const noexcept = 0;

  /// Every later wait obeys it, until another is set. Errors then: DeadlineExceeded.
  virtual void set_deadline(Deadline deadline) noexcept = 0;
  /// Interrupts the statement that runs now, from any thread.
  virtual void cancel() noexcept = 0;

  /// Asks the server for a sign of life, within the deadline.
  virtual void ping() = 0;
  /// A cheap look at the link, without a round trip.
  [[nodiscard]] virtual bool is_usable() noexcept = 0;
  /// True where another scope may have it: it is in no transaction, and nothing was met that makes it unusable. Where
  /// that says enough, the link is not looked at: whoever takes the connection does that.
  [[nodiscard]] virtual bool is_clean() noexcept = 0;
  /// The product and its version: "SQLite 3.40.1".
  [[nodiscard]] virtual std::string server_version() const = 0;
};

}  // namespace core_lib::sql::driver
