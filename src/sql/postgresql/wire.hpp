// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "core_lib/observability/deadline.hpp"

#include "sql/bounded_call.hpp"
#include "sql/postgresql/copy_buffer.hpp"
#include "sql/postgresql/postgresql_error.hpp"
#include "sql/postgresql/postgresql_parameters.hpp"

namespace core_lib::sql::postgresql {

/// How long a cancelled statement may take to say so, before its connection is given up.
inline constexpr std::chrono::milliseconds cancel_grace{80};

struct FinishConnection {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using ConnectionPtr = std::unique_ptr<PGconn, FinishConnection>;

/// Waits until the socket can be read, or also written to. False where the deadline comes first.
[[nodiscard]] bool wait_for_socket(int socket, bool to_read, bool to_write, Deadline deadline);

/// One thing that the server is asked to do.
struct Step {
  /// A command is our own, and has neither values nor rows: the server takes it in one message where it is alone.
  enum class Kind { query, command, prepare, run_prepared };
  Kind kind = Kind::query;
  const char* sql = nullptr;   ///< For all but run_prepared.
  const char* name = nullptr;  ///< For prepare and run_prepared.
  ParameterView parameters{};
  std::span<const Oid> types{};  ///< For prepare.
  bool binary = false;           ///< How rows are to come.
  bool may_write = false;        ///< What the transaction has done after it may have to be asked about.
};

/// Rows that a statement wrote, by its tag: "UPDATE 3".
[[nodiscard]] std::uint64_t rows_written(const PGresult* result) noexcept;

/// What came of one step among several.
struct StepResult {
  ResultPtr result;           ///< Null for one that was counted.
  std::uint64_t written = 0;  ///< Rows, by one that was counted.
};

/// What came of a batch of steps.
struct Reply {
  enum class State {
    answered,  ///< `result` is that of the last step, or of the first that failed. Where steps are counted: of that
               ///< one.
    copying,   ///< A COPY waits for rows, or for somebody who takes them, and nothing else can be asked.
    late,      ///< The deadline passed; the server may or may not have done its work, and the wire is out of step.
    lost,      ///< The link is gone. `result` may hold the server's last words.
  };
  State state = State::answered;
  ResultPtr result{};
  std::vector<StepResult> earlier{};  ///< Of the steps before that one. Where they are counted: of all that were done.
  std::size_t done = 0;               ///< Steps of the last unit that were done before one failed.
  bool failed = false;                ///< The step of `result` did.

  [[nodiscard]] bool is_failure() const noexcept;
};

/// A connection on which a batch of steps costs one round trip, and no wait outlasts its deadline. A batch goes through
/// libpq's pipeline mode; one step alone goes without, which costs less.
class Wire {
 public:
  /// What happens to a batch that is under way when its deadline passes.
  enum class Lateness { cancel, give_up };
  /// What becomes of the results of its steps. Those that are counted are dropped as they come where they have no rows,
  /// and take each other's place in memory.
  enum class Results { kept, counted };

  explicit Wire(ConnectionPtr connection);

  /// Adds steps to the batch. Those between two calls of end_unit() stand and fall together outside of a transaction.
  void add(const Step& step);
  void end_unit();
  /// Nobody asks for the results of the steps that were added to this unit so far, unless they fail.
  void skip_results() noexcept { skipped_ = added_; }
  /// The same for an execution of a prepared statement.
  void add_execution(const char* name, const ParameterView& parameters, bool binary);
  /// Sends the batch, and reads until all of it is answered.
  [[nodiscard]] Reply run(Deadline deadline, Lateness lateness, Results results);
  /// The same for a batch of one step. @pre nothing was added
  [[nodiscard]] Reply run_alone(const Step& step, Deadline deadline, Lateness lateness);
  [[nodiscard]] bool is_empty() const noexcept { return units_ == 0 && added_ == 0; }

  /// Appends what COPY is to read, until there are so many bytes or more; false at the end. What it throws ends the
  /// COPY and passes.
  using Feed = std::function<bool(CopyBuffer& out, std::size_t bytes)>;
  /// Looks at the rows of a statement that goes before COPY. Where it says false no row is fed, and COPY fails.
  using Check = std::function<bool(const PGresult* rows)>;
  /// Runs COPY ... FROM STDIN, which no pipeline can hold: two round trips of its own. Other statements may go before
  /// it in `sql`, divided by semicolons.
  [[nodiscard]] Reply load(const char* sql, const Check& check, const Feed& feed, Deadline deadline);

  /// False once a reply was not answered, or a cancellation is still on its way, which would hit whatever is run next.
  [[nodiscard]] bool is_usable() const noexcept { return usable_; }
  void abandon() noexcept { usable_ = false; }
  /// A look at the socket, and at what lies there, unless the server answered just now. False once the server has ended
  /// the connection, and where it is not usable.
  [[nodiscard]] bool look();
  /// Asks the server to end what it does now. Any thread. It returns at once, and the asking goes on.
  BoundedCall request_cancel() const;

  [[nodiscard]] PGTransactionStatusType transaction() const noexcept { return PQtransactionStatus(connection_.get()); }
  [[nodiscard]] PGconn* handle() const noexcept { return connection_.get(); }

 private:
  enum class Waited { ready, late };

  class Load;

  void enter() {
    if (is_empty()) failed_ = PQenterPipelineMode(connection_.get()) == 0 || failed_;
  }
  void send(const Step& step);
  /// @param steps  how many results there may be
  [[nodiscard]] Reply read(Deadline deadline, Lateness lateness, std::size_t steps);
  /// False where libpq waits by itself, with less ado, since there is no deadline. While it sends it would not read.
  [[nodiscard]] bool has_to_wait(Deadline deadline) const noexcept { return unsent_ || !deadline.is_never(); }
  [[nodiscard]] Waited wait(Deadline deadline);
  [[nodiscard]] Waited flush(Deadline deadline);
  /// False where the link may be gone.
  [[nodiscard]] bool take_answer(Reply& reply, bool piped);
  void give_up(Reply& reply, Reply::State why) noexcept;
  void take(ResultPtr&& result, ExecStatusType status, Reply& reply);

  // What each scope reads comes first, close together, here and in what holds a wire.
  ConnectionPtr connection_;
  int units_ = 0;  // sent, and not yet answered
  bool usable_ = true;
  bool unsent_ = false;
  bool failed_ = false;      // a step could not be added
  std::size_t added_ = 0;    // steps of the unit
  std::size_t skipped_ = 0;  // of the last unit, those whose results are still to be skipped
  Deadline::clock::time_point answered_;
  Results results_ = Results::kept;        // of what is under way
  std::optional<BoundedCall> cancelling_;  // what is under way
  std::shared_ptr<PGcancel> cancel_;
};

}  // namespace core_lib::sql::postgresql
