// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <mysql.h>

#include "core_lib/sql/driver/connection.hpp"
#include "core_lib/sql/mariadb.hpp"

#include "sql/mariadb/mariadb_link.hpp"

namespace core_lib::sql::mariadb {

class MariadbStatement;

class MariadbConnection final : public driver::Connection {
 public:
  /// Connects to the first host that serves and sets the connection up. Errors: as Driver::connect().
  MariadbConnection(std::shared_ptr<const MariadbOptions> options, std::string description, Access access,
                    Deadline deadline);

  std::unique_ptr<driver::Statement> prepare(std::string_view sql) override;
  bool can_load(std::string_view table, bool with_key) override;
  bool load(std::string_view sql, driver::RowSource& rows) override;
  void begin(const driver::TransactionOptions& options) override;
  void commit() override;
  void rollback() override;
  bool in_transaction() const noexcept override { return begun_; }
  void set_deadline(Deadline deadline) noexcept override { link_->set_deadline(deadline); }
  void cancel() noexcept override;
  void ping() override;
  bool is_usable() noexcept override;
  bool is_clean() noexcept override { return !begun_ && is_usable(); }
  std::string server_version() const override;

  /// For the statements of this connection; what throws, throws core_lib::Error of the class that the failure says.
  [[nodiscard]] bool has_returning() const noexcept;
  /// @param is_text  is set where the server runs such a statement only as text; null is returned then
  [[nodiscard]] MYSQL_STMT* prepare_handle(std::string_view sql, bool& is_text);
  void close_handle(MYSQL_STMT* handle) noexcept;
  /// Errors: Error where the values are more than the server takes.
  void check_packet(std::size_t bytes) const;
  /// False where the statement must be prepared again, because its table has other columns by now.
  /// @param packet  what the command says
  [[nodiscard]] bool execute(MYSQL_STMT* handle, enum_server_command command, std::string_view packet);
  void run_text(std::string_view sql);
  [[nodiscard]] bool fetch(MYSQL_STMT* handle);
  void store(MYSQL_STMT* handle);
  /// Reads what follows the rows.
  void finish(const MariadbStatement& statement, MYSQL_STMT* handle);
  /// Ends a statement whose rows nobody wants: reads the rest where it is short, and stops the server where not.
  void skip_rows(const MariadbStatement& statement, MYSQL_STMT* handle) noexcept;

  /// One statement at a time has its rows on the wire; free_wire() makes it take them into memory.
  void occupy_wire(MariadbStatement& statement) noexcept { on_wire_ = &statement; }
  void vacate_wire(const MariadbStatement& statement) noexcept;
  void free_wire();
  void add(MariadbStatement& statement) { statements_.push_back(&statement); }
  void remove(const MariadbStatement& statement) noexcept;

 private:
  /// What the server does with a statement for which no transaction was begun.
  enum class Mode {
    transaction,  ///< autocommit is off: it begins one
    reading,      ///< the same, and what writes is refused
    single,       ///< it is committed at once
  };

  void connect(Access access, Deadline deadline);
  [[nodiscard]] bool try_host(const MariadbHost& host, Access access, Deadline deadline,
                              std::vector<std::exception_ptr>& failures);
  void open(Endpoint endpoint, Deadline deadline);
  void set_up();
  void run_init_statements();
  void check_version() const;
  [[nodiscard]] std::string settings() const;

  void want(Mode mode);
  void add_prelude(std::string_view sql) { prelude_.push_back(sql); }
  void run_prelude();
  void send(MYSQL_STMT* handle, enum_server_command command, std::string_view packet);
  void end_transaction() noexcept;
  /// Ends a reading transaction without waiting for the answer, which says nothing.
  void end_reading();
  /// Reads the answers that nobody has waited for.
  void settle();
  void note_success();
  void run(std::string_view sql, std::string_view attempt);
  [[noreturn]] void throw_failed(const Failure& failure, std::string_view attempt);
  [[noreturn]] void throw_not_begun(const Failure& failure);
  [[noreturn]] void throw_late(std::string_view attempt, bool stopped);
  [[noreturn]] void throw_commit_failed();
  [[nodiscard]] bool stop(MYSQL_STMT* handle, Deadline limit) noexcept;
  [[nodiscard]] bool absorb_interruption() noexcept;
  void roll_back_aborted() noexcept;
  void forget_idle_statements() noexcept;
  [[nodiscard]] MYSQL* handle() const noexcept { return link_->handle(); }

  std::shared_ptr<const MariadbOptions> options_;
  std::string description_;
  std::unique_ptr<MariadbLink> link_;
  bool is_mariadb_ = true;
  bool read_only_server_ = false;
  std::size_t max_packet_ = 0;

  Mode mode_ = Mode::transaction;
  Mode wanted_ = Mode::transaction;
  std::vector<std::string_view> prelude_;  // goes out ahead of the next statement, in the same round trip
  std::size_t owed_ = 0;                   // answers that are still to be read
  bool begun_ = false;
  bool sent_ = false;       // something of this transaction has reached the server
  bool reading_ = false;    // it must not write
  bool in_server_ = false;  // what the last OK of the server said about a transaction
  bool stored_ = false;     // a statement of this transaction committed by itself

  MariadbStatement* on_wire_ = nullptr;
  unsigned fetched_ = 0;  // rows, for looks at the deadline
  std::vector<MariadbStatement*> statements_;
  std::vector<MYSQL_STMT*> to_close_;  // those that could not be closed while rows were on the wire
};

}  // namespace core_lib::sql::mariadb
