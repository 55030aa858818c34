// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/session.hpp"

#include <string>

#include "core_lib/error/error.hpp"

#include "sql/database.hpp"
#include "sql/session_use.hpp"

namespace core_lib::sql {
namespace {

std::string place(const std::source_location& location) {
  return std::string(location.file_name()) + ":" + std::to_string(location.line());
}

std::string message_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& known) {
    return known.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

TransactionAborted aborted_by(const std::exception_ptr& error) {
  return TransactionAborted("the transaction had failed before: " + message_of(error) +
                                " | nothing more can run in it; let the exception pass, or tolerate it in savepoint()",
                            {.cause = error});
}

bool breaks_connection(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return known.breaks_connection();
  } catch (...) {
    return false;
  }
}

}  // namespace

Session::Session(detail::Database& database, const ScopeOptions& options, Deadline deadline,
                 std::source_location location)
    : database_(database), options_(options), deadline_(deadline), location_(location) {}

Session::~Session() {
  if (!ended_) abandon();
}

void Session::abandon() noexcept {
  try {
    if (link_ && std::uncaught_exceptions() == 0) {
      database_.warn("the scope that was opened at " + place(location_) +
                     " was dropped without commit or rollback; it is rolled back");
    }
  } catch (const std::exception&) {
    // The warning is lost, the rollback is not.
  }
  undo();
  ended_ = true;
}

detail::SessionLink& Session::open_link(Work work) {
  if (ended_) {
    throw UsageError("the session's scope, opened at " + place(location_) + ", has ended; open another with with()");
  }
  refuse_doomed();
  if (deadline_.expired()) {
    throw DeadlineExceeded("the deadline of the scope opened at " + place(location_) + " passed before its statement");
  }
  const bool first = !link_;
  if (first) {
    link_ = database_.acquire(options_.access, deadline_, location_);
    link_->connection->set_deadline(deadline_);
  }
  if (begun_ || autocommit_ || (first && work == Work::read && database_.reads_alone(options_))) return *link_;
  try {
    link_->connection->begin({options_.access, options_.isolation});
    begun_ = true;
  } catch (...) {
    if (breaks_connection(std::current_exception())) {
      link_.discard();
      database_.invalidate();
    }
    give_back_link();
    throw;
  }
  return *link_;
}

void Session::doom(std::exception_ptr error) noexcept {
  if (!first_error_) first_error_ = std::move(error);
}

void Session::refuse_doomed() const {
  if (first_error_) throw aborted_by(first_error_);
}

void Session::close_executions() noexcept {
  while (executions_ != nullptr) executions_->close();
}

void Session::give_back_link() noexcept {
  close_executions();
  savepoints_ = 0;
  begun_ = false;
  link_.release();
}

void Session::roll_back_link() {
  after_commit_.clear();
  const std::exception_ptr error = std::exchange(first_error_, nullptr);
  if (!link_) return;
  close_executions();
  if (error && breaks_connection(error)) {
    link_.discard();
    database_.invalidate();
    give_back_link();
    return;
  }
  try {
    // The deadline of the scope may be what failed it; undoing must still work.
    link_->connection->set_deadline(Deadline::in(std::chrono::seconds(5)));
    if (link_->connection->in_transaction()) link_->connection->rollback();
  } catch (...) {
    link_.discard();
    give_back_link();
    throw;
  }
  give_back_link();
}

void Session::undo() noexcept {
  try {
    roll_back_link();
  } catch (const std::exception& error) {
    database_.warn(std::string("a rollback failed, the connection is closed: ") + error.what());
  }
}

void Session::rollback() {
  const Use use(*this);
  roll_back_link();
}

void Session::commit() {
  const Use use(*this);
  if (savepoints_ != 0) throw UsageError("commit() inside a savepoint(); commit after its body has returned");
  if (const std::exception_ptr error = first_error_) {
    undo();
    throw aborted_by(error);
  }
  if (link_) {
    close_executions();
    try {
      if (begun_ && deadline_.expired()) {
        throw DeadlineExceeded("the deadline of the scope opened at " + place(location_) +
                               " passed before its commit; it is rolled back");
      }
      if (begun_) link_->connection->commit();
    } catch (...) {
      doom(std::current_exception());
      undo();
      throw;
    }
    give_back_link();
  }
  for (const auto& callback : std::exchange(after_commit_, {})) {
    try {
      callback->run();
    } catch (const std::exception& error) {
      database_.error(std::string("after_commit() failed, the commit stands: ") + error.what());
    } catch (...) {
      database_.error("after_commit() failed, the commit stands");
    }
  }
}

void Session::end(bool failed) {
  if (ended_) throw UsageError("the scope opened at " + place(location_) + " was ended twice");
  struct Ended {
    bool& ended;
    ~Ended() { ended = true; }
  } const ended{ended_};
  if (failed || (rollback_only_ && !first_error_)) {
    roll_back_link();
  } else {
    commit();
  }
}

void Session::keep_callback(std::unique_ptr<detail::Callback> callback) {
  const Use use(*this);
  after_commit_.push_back(std::move(callback));
}

std::size_t Session::begin_savepoint() {
  detail::Execution(*this, "SAVEPOINT core_lib_" + std::to_string(savepoints_ + 1), {});
  return ++savepoints_;
}

void Session::release_savepoint(std::size_t depth) {
  refuse_doomed();
  detail::Execution(*this, "RELEASE SAVEPOINT core_lib_" + std::to_string(depth), {});
  savepoints_ = depth - 1;
}

void Session::roll_back_savepoint(std::size_t depth) noexcept {
  if (savepoints_ < depth || !link_) return;
  const std::exception_ptr error = std::exchange(first_error_, nullptr);
  savepoints_ = depth - 1;
  if (!link_->connection->in_transaction() || (error && breaks_connection(error))) {
    doom(error);
    return;
  }
  try {
    const std::string name = "core_lib_" + std::to_string(depth);
    detail::Execution(*this, "ROLLBACK TO SAVEPOINT " + name, {});
    detail::Execution(*this, "RELEASE SAVEPOINT " + name, {});
  } catch (...) {
    doom(std::current_exception());
  }
}

}  // namespace core_lib::sql
