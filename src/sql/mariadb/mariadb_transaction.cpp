// SPDX-License-Identifier: Apache-2.0
// How transactions begin and end.
#include <string>
#include <utility>

#include <errmsg.h>

#include "core_lib/error/error.hpp"

#include "sql/mariadb/mariadb_connection.hpp"

namespace core_lib::sql::mariadb {
namespace {

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

void MariadbConnection::begin(const driver::TransactionOptions& options) {
  end_transaction();
  in_server_ = false;
  reading_ = options.access == Access::read_only;
  want(reading_ ? Mode::reading : Mode::transaction);
  if (const std::string_view isolation = isolation_sql(options.isolation); !isolation.empty()) add_prelude(isolation);
  begun_ = true;
}

// What goes out ahead of a statement may fail, and the statement runs all the same; so that must be harmless. While
// autocommit is off nothing is stored without a COMMIT. While it is on all is, so that one has to wait until it is off.
void MariadbConnection::want(Mode mode) {
  wanted_ = mode;
  if (mode_ == Mode::single && mode != Mode::single) {
    settle();
    const MariadbLink::Call call(*link_);
    if (!link_->query("SET autocommit=0")) throw_not_begun(link_->failure());
    mode_ = Mode::transaction;
  }
  if (mode_ == mode || !prelude_.empty()) return;
  if (mode_ == Mode::reading) add_prelude("SET SESSION TRANSACTION READ WRITE");
  if (mode == Mode::reading) add_prelude("SET SESSION TRANSACTION READ ONLY");
  if (mode == Mode::single) add_prelude("SET autocommit=1");
}

void MariadbConnection::run_prelude() {
  if (prelude_.empty()) return;
  settle();
  const MariadbLink::Call call(*link_);
  for (const std::string_view sql : prelude_) {
    if (!link_->query(sql)) throw_not_begun(link_->failure());
  }
  prelude_.clear();
  mode_ = wanted_;
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

void MariadbConnection::note_success() {
  if (link_->was_interrupted()) throw_late("cannot run the statement", false);
  const bool was_in_server = in_server_;
  in_server_ = (handle()->server_status & SERVER_STATUS_IN_TRANS) != 0;
  if (mode_ == Mode::single) return;
  if ((handle()->server_status & SERVER_STATUS_AUTOCOMMIT) != 0) {
    link_->drop();
    throw UsageError(
        "the statement switched autocommit on, which would store each statement by itself; the connection "
        "is closed",
        {.breaks_connection = true});
  }
  if (begun_ && was_in_server && !in_server_) stored_ = true;
}

// The server has rolled back, and would take the next statement for the first one of a new transaction.
void MariadbConnection::roll_back_aborted() noexcept {
  end_transaction();
  const MariadbLink::Call call(*link_, MariadbLink::AtDeadline::give_up);
  if (!link_->query("ROLLBACK")) link_->drop();
  in_server_ = false;
}

}  // namespace core_lib::sql::mariadb
