// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_connection.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>

#include <errmsg.h>
#include <mysqld_error.h>

#include "core_lib/error/error.hpp"

#include "sql/mariadb/mariadb_statement.hpp"
#include "sql/mariadb/mariadb_text.hpp"

namespace core_lib::sql::mariadb {
namespace {

using std::chrono::milliseconds;

/// Where rows were being read, the error is told by the connection alone.
Failure failure_of(MYSQL_STMT* statement, const MariadbLink& link) {
  if (mysql_stmt_errno(statement) == 0) return link.failure();
  return {mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement), mysql_stmt_error(statement)};
}

std::string_view isolation_sql(Isolation isolation) {
  switch (isolation) {
    case Isolation::read_committed:
      return "SET TRANSACTION ISOLATION LEVEL READ COMMITTED";
    case Isolation::repeatable_read:
      return "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ";
    case Isolation::serializable:
      return "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE";
    default:
      return {};
  }
}

}  // namespace

std::unique_ptr<driver::Statement> MariadbConnection::prepare(std::string_view sql) {
  if (is_blank(sql)) throw UsageError("cannot prepare a statement: the text holds none");
  if (sql.find('\0') != std::string_view::npos) {  // the server would run what stands before it
    throw UsageError("cannot prepare a statement: the text holds a NUL character");
  }
  return std::make_unique<MariadbStatement>(*this, sql);
}

MYSQL_STMT* MariadbConnection::prepare_handle(std::string_view sql, bool& is_text) {
  constexpr std::string_view attempt = "cannot prepare a statement";
  free_wire();
  settle();
  for (bool again = true;; again = false) {
    const MariadbLink::Call call(*link_);
    MYSQL_STMT* const statement = mysql_stmt_init(handle());
    if (statement == nullptr) throw std::bad_alloc();
    if (mysql_stmt_prepare(statement, sql.data(), sql.size()) == 0) return statement;
    const Failure failure = failure_of(statement, *link_);
    mysql_stmt_close(statement);
    if (failure.code == ER_MAX_PREPARED_STMT_COUNT_REACHED && again) {
      forget_idle_statements();
    } else if (failure.code == ER_UNSUPPORTED_PS) {
      is_text = true;
      return nullptr;
    } else if (failure.code == ER_PARSE_ERROR && has_second_statement(sql)) {
      throw UsageError(std::string(attempt) + ": the text holds a second one; run them one by one",
                       {.native_code = failure.native_code()});
    } else {
      throw_failed(failure, attempt);
    }
  }
}

void MariadbConnection::close_handle(MYSQL_STMT* handle) noexcept {
  if (on_wire_ != nullptr) {
    to_close_.push_back(handle);
    return;
  }
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  mysql_stmt_close(handle);
}

void MariadbConnection::remove(const MariadbStatement& statement) noexcept {
  const auto found = std::find(statements_.begin(), statements_.end(), &statement);
  if (found == statements_.end()) return;
  *found = statements_.back();
  statements_.pop_back();
}

void MariadbConnection::forget_idle_statements() noexcept {
  for (MariadbStatement* statement : statements_) statement->forget();
}

void MariadbConnection::check_packet(std::size_t bytes) const {
  if (bytes < max_packet_) return;
  throw Error("cannot run the statement on " + description_ + ": its values take " + std::to_string(bytes) +
                  " bytes, and the server's max_allowed_packet is " + std::to_string(max_packet_) +
                  "; raise that, or store them in pieces",
              {.status_code = 413});
}

void MariadbConnection::vacate_wire(const MariadbStatement& statement) noexcept {
  if (on_wire_ != &statement) return;
  on_wire_ = nullptr;
  for (MYSQL_STMT* handle : std::exchange(to_close_, {})) close_handle(handle);
}

void MariadbConnection::free_wire() {
  if (on_wire_ == nullptr) return;
  MariadbStatement& statement = *on_wire_;
  statement.store_rest();
  vacate_wire(statement);
}

bool MariadbConnection::execute(MYSQL_STMT* statement) {
  if (!begun_) want(Mode::single);
  if (prelude_.empty()) settle();
  const MariadbLink::Call call(*link_);
  sent_ = true;
  bool done = prelude_.empty() ? mysql_stmt_execute(statement) == 0 : send_after_prelude(statement);
  // The names of the columns may come before the word that it was interrupted.
  if (done && link_->was_interrupted() && mysql_stmt_field_count(statement) != 0) {
    int code = 0;
    while (code == 0) code = mysql_stmt_fetch(statement);
    done = code == MYSQL_NO_DATA;
  }
  if (!done && mysql_stmt_errno(statement) == CR_NEW_STMT_METADATA) return false;
  if (!done) throw_failed(failure_of(statement, *link_), "cannot run the statement");
  note_success();
  return true;
}

// What comes first and the statement go out together, and their answers come back together. Whatever the first ones
// fail of, the statement behind them stores nothing: see want().
bool MariadbConnection::send_after_prelude(MYSQL_STMT* statement) {
  const auto skip_answers = [&](my_bool skip) { mysql_optionsv(handle(), MARIADB_OPT_SKIP_READ_RESPONSE, &skip); };
  bool sent = true;
  for (const std::string_view sql : prelude_) sent = sent && mysql_send_query(handle(), sql.data(), sql.size()) == 0;
  skip_answers(1);
  sent = sent && mysql_stmt_execute(statement) == 0;
  skip_answers(0);
  for (owed_ += prelude_.size(); sent && owed_ > 0; --owed_) sent = mysql_read_query_result(handle()) == 0;
  if (!sent) {
    const Failure failure = link_->failure();
    throw_not_begun(failure.code != 0 ? failure : failure_of(statement, *link_));
  }
  prelude_.clear();
  mode_ = wanted_;
  return handle()->methods->db_read_execute_response(statement) == 0;
}

void MariadbConnection::throw_not_begun(const Failure& failure) {
  constexpr std::string_view attempt = "cannot begin a transaction";
  if (link_->gave_up() || link_->was_interrupted()) throw_late(attempt, false);
  link_->drop();
  const std::string what = std::string(attempt) + " on " + description_;
  throw ConnectionLost(what + "; the connection is closed", {.retryable = true,
                                                             .breaks_connection = true,
                                                             .native_code = failure.native_code(),
                                                             .cause = make_error(failure, what)});
}

void MariadbConnection::settle() {
  if (owed_ == 0) return;
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  for (; owed_ > 0; --owed_) {
    if (mysql_read_query_result(handle()) != 0) throw_not_begun(link_->failure());
  }
}

void MariadbConnection::run_text(std::string_view sql) {
  if (!begun_) want(Mode::single);
  mode_ = wanted_;
  for (const std::string_view first : std::exchange(prelude_, {})) run(first, "cannot begin a transaction");
  sent_ = true;
  run(sql, "cannot run the statement");
}

void MariadbConnection::run(std::string_view sql, std::string_view attempt) {
  settle();
  const MariadbLink::Call call(*link_);
  if (!link_->query(sql)) throw_failed(link_->failure(), attempt);
  note_success();
}

bool MariadbConnection::fetch(MYSQL_STMT* statement) {
  constexpr unsigned rows_between_looks = 64;  // while rows keep coming nothing waits, and nothing sees the deadline
  if (++fetched_ % rows_between_looks == 0 && link_->deadline().expired()) {
    throw DeadlineExceeded("cannot read the rows on " + description_ + ": the deadline passed");
  }
  const MariadbLink::Call call(*link_);
  const int code = mysql_stmt_fetch(statement);
  if (code != 0 && code != MYSQL_NO_DATA) throw_failed(failure_of(statement, *link_), "cannot read the rows");
  if (link_->was_interrupted()) throw_late("cannot read the rows", false);
  return code == 0;
}

void MariadbConnection::store(MYSQL_STMT* statement) {
  const MariadbLink::Call call(*link_);
  if (mysql_stmt_store_result(statement) != 0) throw_failed(failure_of(statement, *link_), "cannot read the rows");
  if (link_->was_interrupted()) throw_late("cannot read the rows", false);
}

void MariadbConnection::finish(const MariadbStatement& statement, MYSQL_STMT* running) {
  {
    const MariadbLink::Call call(*link_);
    // A procedure may send more results, of which the first is ours; its own end comes last.
    while (mysql_stmt_more_results(running)) {
      if (mysql_stmt_next_result(running) > 0) throw_failed(failure_of(running, *link_), "cannot read the rows");
    }
    note_success();
  }
  vacate_wire(statement);
}

void MariadbConnection::skip_rows(const MariadbStatement& statement, MYSQL_STMT* running) noexcept {
  constexpr int most_rows = 1000;
  constexpr milliseconds longest(50);
  constexpr milliseconds grace(1000);
  const Deadline deadline = link_->deadline();
  link_->set_deadline(Deadline::in(longest));
  int code = 0;
  bool clean = false;
  {
    const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::interrupt, grace);
    for (int i = 0; code == 0 && i < most_rows; ++i) code = mysql_stmt_fetch(running);
    const bool ended =
        code == MYSQL_NO_DATA ? !mysql_stmt_more_results(running) : failure_of(running, *link_).is_interruption();
    clean = code != 0 && ended && !link_->gave_up();
    if (clean && code == MYSQL_NO_DATA && link_->was_interrupted()) clean = absorb_interruption();
  }
  if (code == 0) clean = stop(running);
  if (!clean) link_->drop();
  link_->set_deadline(deadline);
  vacate_wire(statement);
}

bool MariadbConnection::stop(MYSQL_STMT* running) noexcept {
  const Deadline limit = Deadline::in(std::chrono::seconds(1));
  link_->interrupt(limit);
  link_->set_deadline(limit);
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  int code = 0;
  // Rows that never run dry never make the link wait, which is where it looks at the time.
  while (code == 0 && !limit.expired()) code = mysql_stmt_fetch(running);
  if (code == 0) return false;
  if (code == MYSQL_NO_DATA) return absorb_interruption();
  return failure_of(running, *link_).is_interruption();
}

// Where a statement ended before its interruption came, the server keeps that for the next one.
bool MariadbConnection::absorb_interruption() noexcept {
  (void)link_->query("DO 0");
  return link_->query("DO 0");
}

void MariadbConnection::note_success() {
  if (link_->was_interrupted()) throw_late("cannot run the statement", false);
  const bool was_in_server = in_server_;
  in_server_ = (handle()->server_status & SERVER_STATUS_IN_TRANS) != 0;
  if (mode_ != Mode::transaction) return;
  if ((handle()->server_status & SERVER_STATUS_AUTOCOMMIT) != 0) {
    link_->drop();
    throw UsageError(
        "the statement switched autocommit on, which would store each statement by itself; the connection "
        "is closed",
        {.breaks_connection = true});
  }
  if (begun_ && was_in_server && !in_server_) stored_ = true;
}

void MariadbConnection::throw_late(std::string_view attempt, bool stopped) {
  const std::string what = std::string(attempt) + " on " + description_ + ": the deadline passed";
  if (stopped) throw DeadlineExceeded(what + "; the statement was cancelled on the server");
  link_->drop();
  throw DeadlineExceeded(what + " and the server did not answer; the connection is closed",
                         {.breaks_connection = true});
}

void MariadbConnection::throw_failed(const Failure& failure, std::string_view attempt) {
  if (link_->gave_up()) throw_late(attempt, false);
  if (link_->was_interrupted()) throw_late(attempt, failure.is_interruption());
  const std::string what = std::string(attempt) + " on " + description_;
  if (failure.ends_link()) link_->drop();
  if (failure.aborts_transaction()) roll_back_aborted();
  if (failure.code == ER_OPTION_PREVENTS_STATEMENT && options_.hosts.size() > 1) {
    link_->drop();
    throw Error(
        what + ": the server is read-only now; another host may have taken over",
        {.status_code = 503, .retryable = true, .breaks_connection = true, .native_code = failure.native_code()});
  }
  std::rethrow_exception(make_error(failure, what));
}

// The server has rolled back, and would take the next statement for the first one of a new transaction.
void MariadbConnection::roll_back_aborted() noexcept {
  end_transaction();
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  if (!link_->query("ROLLBACK")) link_->drop();
  in_server_ = false;
}

void MariadbConnection::begin(const driver::TransactionOptions& options) {
  end_transaction();
  in_server_ = false;
  want(Mode::transaction);
  reading_ = options.access == Access::read_only;
  if (const std::string_view isolation = isolation_sql(options.isolation); !isolation.empty()) add_prelude(isolation);
  if (reading_) add_prelude("START TRANSACTION READ ONLY");
  begun_ = true;
}

// What goes out ahead of a statement may fail, and the statement runs all the same; so that must be harmless. While
// autocommit is off nothing is stored without a COMMIT. While it is on all is, so that one has to wait until it is off.
void MariadbConnection::want(Mode mode) {
  wanted_ = mode;
  if (mode_ == mode) return;
  if (mode == Mode::single) {
    if (prelude_.empty()) add_prelude("SET autocommit=1");
    return;
  }
  settle();
  const MariadbLink::Call call(*link_);
  if (!link_->query("SET autocommit=0")) throw_not_begun(link_->failure());
  mode_ = mode;
}

void MariadbConnection::end_transaction() noexcept {
  begun_ = sent_ = reading_ = stored_ = false;
  prelude_.clear();
  wanted_ = mode_;
}

void MariadbConnection::end_reading() {
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  constexpr std::string_view sql = "COMMIT";
  if (mysql_send_query(handle(), sql.data(), sql.size()) != 0)
    throw_failed(link_->failure(), "cannot end a transaction");
  ++owed_;
}

void MariadbConnection::commit() {
  if (!begun_) {
    throw CommitFailed("cannot commit on " + description_ +
                       ": an earlier error made the server roll the transaction back; nothing was stored");
  }
  const bool sent = sent_;
  const bool reading = reading_;
  end_transaction();
  in_server_ = false;
  if (!sent) return;
  if (reading) return end_reading();
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  if (!link_->query("COMMIT")) throw_commit_failed();
}

void MariadbConnection::throw_commit_failed() {
  const bool late = link_->gave_up();
  const Failure failure = link_->failure();
  const std::string message = "the commit on " + description_ + " failed";
  const std::exception_ptr cause = make_error(failure, "cannot commit on " + description_);
  const bool never_sent = failure.code == CR_SERVER_GONE_ERROR && !late;
  if (late || ((failure.ends_link() || failure.is_interruption()) && !never_sent)) {
    link_->drop();
    throw CommitUnknown(message +
                            (late ? ": the deadline passed before the server answered"
                                  : ": the connection was lost before the server answered") +
                            "; whether the work was stored shows when it is looked up",
                        {.breaks_connection = true, .native_code = failure.native_code(), .cause = cause});
  }
  bool retryable = never_sent;
  try {
    std::rethrow_exception(cause);
  } catch (const Error& error) {
    retryable = retryable || error.is_retryable();
  }
  if (never_sent || !link_->query("ROLLBACK")) link_->drop();
  throw CommitFailed(message + "; nothing was stored", {.retryable = retryable,
                                                        .breaks_connection = !link_->is_usable(),
                                                        .native_code = failure.native_code(),
                                                        .cause = cause});
}

void MariadbConnection::rollback() {
  if (!begun_) return;
  const bool sent = sent_;
  const bool stored = stored_;
  end_transaction();
  if (sent && !link_->is_dropped()) {
    settle();
    const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);  // nothing is left to be interrupted
    if (!link_->query("ROLLBACK")) throw_failed(link_->failure(), "cannot roll back");
  }
  in_server_ = false;
  if (stored) {
    throw Error(
        "cannot roll back all on " + description_ +
        ": a statement such as CREATE, ALTER or DROP committed by itself, and with it what came before; what came "
        "after is rolled back");
  }
}

void MariadbConnection::cancel() noexcept { link_->interrupt(Deadline::in(std::chrono::seconds(1))); }

void MariadbConnection::ping() {
  free_wire();
  settle();
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  if (mysql_ping(handle()) != 0) throw_failed(link_->failure(), "no answer to a ping");
}

bool MariadbConnection::is_usable() noexcept {
  if (on_wire_ != nullptr) return false;
  if (link_->is_usable()) return true;
  if (owed_ == 0) return false;
  try {
    settle();  // what can be read is what is owed
  } catch (const std::exception&) {
    return false;
  }
  return link_->is_usable();
}

}  // namespace core_lib::sql::mariadb
