// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core_lib/sql/driver/connection.hpp"
#include "core_lib/sql/postgresql.hpp"

#include "sql/postgresql/commit_inquiry.hpp"
#include "sql/postgresql/copy_target.hpp"
#include "sql/postgresql/prepared_names.hpp"
#include "sql/postgresql/wire.hpp"

namespace core_lib::sql::postgresql {

class PostgresqlConnection final : public driver::Connection {
 public:
  /// Opens it and sets it up. Errors: as Driver::connect().
  PostgresqlConnection(const PostgresqlOptions& options, Deadline deadline);
  PostgresqlConnection(const PostgresqlConnection&) = delete;
  PostgresqlConnection& operator=(const PostgresqlConnection&) = delete;

  std::unique_ptr<driver::Statement> prepare(std::string_view sql) override;
  void execute_all(const driver::BatchRuns& runs, driver::BatchListener& listener) override;
  bool can_load(std::string_view table, bool with_key) override;
  bool load(std::string_view sql, driver::RowSource& rows) override;
  /// Sends nothing: BEGIN travels with the first statement.
  void begin(const driver::TransactionOptions& options) override;
  void commit() override;
  void rollback() override;
  bool in_transaction() const noexcept override;
  void set_deadline(Deadline deadline) noexcept override { deadline_ = deadline; }
  void cancel() noexcept override;
  void ping() override;
  bool is_usable() noexcept override { return wire_.look(); }
  bool is_clean() noexcept override { return wire_.is_usable() && !in_transaction(); }
  std::string server_version() const override;

  /// Runs steps in one round trip, after a BEGIN that is due. Errors: ConnectionLost, DeadlineExceeded; what comes back
  /// is answered.
  /// @{
  [[nodiscard]] Reply run(std::span<const Step> steps);
  [[nodiscard]] Reply run(const Step& step);
  /// @}
  /// The same for steps that `add` gives to the wire one by one, so that nobody has to keep all of them, and whose
  /// results are counted. It may be called again. What it throws ends the connection.
  [[nodiscard]] Reply run(bool may_write, const std::function<void(Wire&)>& add);
  /// True where the transaction holds nothing yet, so that a statement that failed before it began may be sent again.
  [[nodiscard]] bool is_fresh() const noexcept { return begin_pending_ || wire_.transaction() == PQTRANS_IDLE; }
  /// Undoes a transaction that was fresh, so that it can be begun again.
  void begin_again();
  /// Throws what a failed result stands for.
  [[noreturn]] void throw_failed(const PGresult* result) const;

  /// The names of the statements that this connection has prepared; null where it prepares none.
  [[nodiscard]] PreparedNames* prepared() noexcept { return prepares_ ? &prepared_ : nullptr; }
  /// A name for a cursor of this transaction.
  [[nodiscard]] std::string next_cursor();
  /// Closes a cursor along with the next statement.
  void close_later(std::string cursor, std::uint64_t transaction);
  /// Changes with each transaction, and where one was rolled back to a savepoint: cursors do not outlive it.
  [[nodiscard]] std::uint64_t transaction_number() const noexcept { return transaction_number_; }
  void forget_cursors() noexcept;
  /// The server holds no prepared statement any more.
  void forget_prepared() noexcept;

 private:
  void set_up(const PostgresqlOptions& options);
  /// True where nothing is to travel along with it.
  [[nodiscard]] bool goes_alone(const Step& step) const noexcept {
    return !begin_pending_ && wire_.is_empty() && !prepared_.has_unused() && cursors_to_close_.empty() &&
           !asks_for_number(step.may_write);
  }
  /// Adds what travels before the next steps.
  void add_leftovers();
  void add_begin();
  void prepare_commands();
  /// True where BEGIN went out by its prepared name and the server does not know that: nothing was done. BEGIN is then
  /// due again, and goes as text from now on.
  [[nodiscard]] bool has_not_begun(const Reply& reply) noexcept;
  /// Sends what BEGIN may go before, and once more where it has to go as text.
  template <class Send>
  [[nodiscard]] Reply send_begun(const Send& send);
  [[nodiscard]] Reply send(std::span<const Step> steps, Wire::Lateness lateness);
  [[nodiscard]] Reply send(const Step& step, Wire::Lateness lateness);
  [[nodiscard]] Reply send_added(bool asks_for_number, Wire::Lateness lateness, Wire::Results results);
  void require_usable() const {
    if (!wire_.is_usable() || deadline_.expired()) [[unlikely]] {
      throw_not_usable();
    }
  }
  [[noreturn]] void throw_not_usable() const;
  void require_answered(const Reply& reply) const {
    if (reply.state != Reply::State::answered) [[unlikely]] {
      throw_unanswered(reply);
    }
  }
  [[noreturn]] void throw_unanswered(const Reply& reply) const;
  /// What errors of statements begin with.
  [[nodiscard]] std::string no_statement() const { return "cannot run the statement on " + description_; }
  /// True where the number of the transaction is to be learned along with what may write.
  [[nodiscard]] bool asks_for_number(bool may_write) const noexcept;
  void take_number(Reply& reply) noexcept;
  /// Looks at the answer to copy_question_. Nothing where there is no such table.
  [[nodiscard]] std::optional<CopyTarget> read_copy_target(const PGresult* answer);
  /// Sends COPY, behind what is to go out with it. False where the answer to copy_question_ is another by now.
  [[nodiscard]] bool copy(const std::string& command, const CopyTarget& target, driver::RowSource& rows);
  /// What came of a COMMIT that was not answered as it should be. Returns where the server says that it is stored.
  /// Errors: CommitFailed, CommitUnknown.
  void explain_commit(const Reply& reply, const std::string& attempt);
  /// The same where no answer came.
  void resolve_commit(const Reply& reply, const std::string& attempt) const;
  [[nodiscard]] std::exception_ptr error_of(const Reply& reply, std::string_view attempt) const;

  Wire wire_;
  Deadline deadline_;
  bool prepares_;
  bool begin_pending_ = false;
  bool names_commands_;         // BEGIN and COMMIT are prepared too, which spares the server their parsing
  bool begun_by_name_ = false;  // the transaction was
  driver::TransactionOptions begun_with_;
  std::vector<std::string> cursors_to_close_;
  std::uint64_t transaction_number_ = 0;
  PreparedNames prepared_;
  std::string begin_sql_ = "BEGIN";
  std::string begin_name_;                // empty until it is prepared
  std::string commit_name_;               // a server behind a pooler that knows begin_name_ knows it too
  std::optional<CommitInquiry> inquiry_;  // where unknown commits are to be resolved
  std::string description_;
  std::unordered_map<std::string, CopyTarget> copy_targets_;  // by what asks for them
  std::string copy_question_;                                 // about the table that can_load() was asked for
  bool copy_target_is_new_ = false;                           // the server has just answered it
  std::uint64_t cursors_ = 0;
};

}  // namespace core_lib::sql::postgresql
