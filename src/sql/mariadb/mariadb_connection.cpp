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

}  // namespace

std::unique_ptr<driver::Statement> MariadbConnection::prepare(std::string_view sql) {
  if (is_blank(sql)) throw UsageError("cannot prepare a statement: the text holds none");
  if (sql.find('\0') != std::string_view::npos) {  // the server would run what stands before it
    throw UsageError("cannot prepare a statement: the text holds a NUL character");
  }
  check_packet(sql.size() + 1);
  return std::make_unique<MariadbStatement>(*this, sql);
}

MYSQL_STMT* MariadbConnection::prepare_handle(std::string_view sql, bool& is_text) {
  constexpr std::string_view attempt = "cannot prepare a statement";
  free_wire();
  if (!begun_) want(Mode::single);
  if (mode_ == Mode::reading && wanted_ != mode_) run_prelude();  // it refuses to prepare what writes
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
  if (bytes < max_packet_ || max_packet_ == 0) return;
  throw Error("cannot run the statement on " + description_ + ": it takes " + std::to_string(bytes) +
                  " bytes with its values, and the server's max_allowed_packet is " + std::to_string(max_packet_) +
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

bool MariadbConnection::execute(MYSQL_STMT* statement, enum_server_command command, std::string_view packet) {
  if (!begun_) want(Mode::single);
  const MariadbLink::Call call(*link_);
  sent_ = true;
  send(statement, command, packet);
  bool done = handle()->methods->db_read_execute_response(statement) == 0;
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

// What comes first and the statement go out together, and their answers come back together, after what is still owed.
// Whatever those before it fail of, the statement stores nothing: see want().
void MariadbConnection::send(MYSQL_STMT* statement, enum_server_command command, std::string_view packet) {
  bool sent = true;
  for (const std::string_view sql : prelude_) sent = sent && mysql_send_query(handle(), sql.data(), sql.size()) == 0;
  sent = sent && handle()->methods->db_command(handle(), command, packet.data(), packet.size(), 1, statement) == 0;
  if (prelude_.empty() && owed_ == 0) {
    if (!sent) throw_failed(link_->failure(), "cannot run the statement");
    return;
  }
  for (owed_ += prelude_.size(); sent && owed_ > 0; --owed_) sent = mysql_read_query_result(handle()) == 0;
  if (!sent) throw_not_begun(link_->failure());
  prelude_.clear();
  mode_ = wanted_;
}

void MariadbConnection::run_text(std::string_view sql) {
  if (!begun_) want(Mode::single);
  run_prelude();
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
  constexpr milliseconds patience(50);
  constexpr milliseconds longest(2000);
  const Deadline deadline = link_->deadline();
  const auto now = Deadline::clock::now();
  const Deadline limit =
      Deadline::from(now, longest).sooner(Deadline::from(std::max(now, deadline.at()), MariadbLink::short_grace));
  const auto first = std::min<Deadline::clock::duration>(patience, (limit.at() - now) / 2);
  link_->set_deadline(Deadline::from(now, first));
  int code = 0;
  bool clean = false;
  {
    const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::interrupt, limit.at() - now - first);
    for (int i = 0; code == 0 && i < most_rows; ++i) code = mysql_stmt_fetch(running);
    // An interruption that comes too late for this statement would end the next one.
    clean = link_->was_interrupted() ? !link_->gave_up() && failure_of(running, *link_).is_kill()
                                     : code == MYSQL_NO_DATA && !mysql_stmt_more_results(running);
  }
  if (code == 0 && !link_->was_interrupted()) clean = stop(running, limit);
  if (!clean) link_->drop();
  link_->set_deadline(deadline);
  vacate_wire(statement);
}

bool MariadbConnection::stop(MYSQL_STMT* running, Deadline limit) noexcept {
  if (!link_->start_interruption()) return false;
  link_->set_deadline(limit);
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  int code = 0;
  // Rows that never run dry never make the link wait, which is where it looks at the time.
  while (code == 0 && !limit.expired()) code = mysql_stmt_fetch(running);
  if (code == 0) return false;
  if (code == MYSQL_NO_DATA) return link_->await_interruption(limit) && absorb_interruption();
  return failure_of(running, *link_).is_kill();
}

// Where a statement ended before its interruption came, the server keeps that for the next one.
bool MariadbConnection::absorb_interruption() noexcept {
  (void)link_->query("DO 0");
  return link_->query("DO 0");
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
  // Where the server's own limit came first, our KILL is still to come, and would end what runs next.
  if (link_->was_interrupted()) throw_late(attempt, failure.is_kill());
  const std::string what = std::string(attempt) + " on " + description_;
  if (failure.ends_link()) link_->drop();
  if (failure.aborts_transaction()) roll_back_aborted();
  if (failure.code == ER_OPTION_PREVENTS_STATEMENT && options_->hosts.size() > 1) {
    link_->drop();
    throw Error(
        what + ": the server is read-only now; another host may have taken over",
        {.status_code = 503, .retryable = true, .breaks_connection = true, .native_code = failure.native_code()});
  }
  std::rethrow_exception(make_error(failure, what));
}

void MariadbConnection::cancel() noexcept {
  if (link_->start_interruption()) (void)link_->await_interruption(Deadline::in(std::chrono::seconds(1)));
}

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
