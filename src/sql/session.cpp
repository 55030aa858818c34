// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/session.hpp"

#include <algorithm>
#include <chrono>
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

/// Undoing must still work where the deadline of the scope is what failed it, and must not hang where the server does
/// not answer: what it cannot finish, the server does when it finds the connection closed.
Deadline limit_of_undoing(Deadline scope) {
  constexpr std::chrono::seconds longest{5};
  constexpr std::chrono::milliseconds grace{80};
  const auto now = Deadline::clock::now();
  return Deadline::from(now, longest).sooner(Deadline::from(std::max(now, scope.at()), grace));
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

void Session::take() {
  thread_local const char this_thread = 0;  // its address stands for the thread
  if (user_.load(std::memory_order_relaxed) != &this_thread) {
    const void* nobody = nullptr;
    if (!user_.compare_exchange_strong(nobody, &this_thread, std::memory_order_acquire)) {
      throw UsageError("a session is used by two threads at a time; give each thread a scope of its own");
    }
  }
  ++uses_;
}

void Session::let_go() noexcept {
  if (--uses_ == 0) user_.store(nullptr, std::memory_order_release);
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
  if (first) [[likely]] {
    link_ = database_.acquire(options_.access, deadline_, location_);
    link_->connection->set_deadline(deadline_);
  }
  if (begun_ || autocommit_ || (first && work == Work::read && database_.reads_alone(options_))) return *link_;
  if (database_.observer() != nullptr) [[unlikely]] {
    tell_begun();
  }
  try {
    link_->connection->begin({options_.access, options_.isolation});
    begun_ = true;
  } catch (...) {
    tell_ended(TransactionEnd::rolled_back, transaction_.began, std::current_exception());
    if (breaks_connection(std::current_exception())) link_.condemn();
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
  while (executions_ != nullptr) [[unlikely]] {
    executions_->close();
  }
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
  const auto since = database_.observed_now();
  if (error && breaks_connection(error)) {
    link_.condemn();
    tell_ended(TransactionEnd::rolled_back, since, error);
    give_back_link();
    return;
  }
  try {
    link_->connection->set_deadline(limit_of_undoing(deadline_));
    if (link_->connection->in_transaction()) link_->connection->rollback();
    tell_ended(TransactionEnd::rolled_back, since, {});
  } catch (...) {
    tell_ended(TransactionEnd::rolled_back, since, std::current_exception());
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
  if (savepoints_ != 0) {
    throw UsageError("rollback() inside a savepoint(); let an exception leave its body, and roll back outside");
  }
  roll_back_link();
}

inline void Session::run_after_commit() {
  if (!after_commit_.empty()) [[unlikely]] {
    run_callbacks();
  }
}

void Session::commit() {
  const Use use(*this);
  if (savepoints_ != 0) throw UsageError("commit() inside a savepoint(); commit after its body has returned");
  if (rollback_only_) throw UsageError("commit() after rollback_only(), which says that nothing is to be stored");
  commit_link();
  run_after_commit();
}

void Session::commit_link() {
  try {
    refuse_doomed();
    if (!link_) return;
    close_executions();
    if (begun_ && deadline_.expired()) {
      throw DeadlineExceeded("the deadline of the scope opened at " + place(location_) +
                             " passed before its commit; it is rolled back");
    }
    if (begun_) commit_transaction();
  } catch (...) {
    doom(std::current_exception());
    const std::exception_ptr first = first_error_;
    undo();
    doom(first);  // else work that follows would be committed without what came before it
    throw;
  }
  give_back_link();
}

void Session::run_callbacks() {
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
  const Use use(*this);
  if (failed || (rollback_only_ && !first_error_)) {
    roll_back_link();
    return;
  }
  commit_link();
  ended_ = true;  // what the callbacks do belongs to scopes of their own
  run_after_commit();
}

void Session::keep_callback(std::unique_ptr<detail::Callback> callback) {
  const Use use(*this);
  after_commit_.push_back(std::move(callback));
}

std::size_t Session::begin_savepoint() {
  const std::string sql = "SAVEPOINT core_lib_" + std::to_string(savepoints_ + 1);
  detail::Execution(*this, detail::ControlStatement{sql});
  return ++savepoints_;
}

void Session::release_savepoint(std::size_t depth) {
  refuse_doomed();
  const std::string sql = "RELEASE SAVEPOINT core_lib_" + std::to_string(depth);
  detail::Execution(*this, detail::ControlStatement{sql});
  savepoints_ = depth - 1;
}

void Session::roll_back_savepoint(std::size_t depth) noexcept {
  if (savepoints_ < depth || !link_) return;
  const std::exception_ptr error = std::exchange(first_error_, nullptr);
  savepoints_ = depth - 1;
  if (!link_->connection->in_transaction() || (error && breaks_connection(error))) {
    doom(error ? error : std::make_exception_ptr(Error("the database ended the transaction inside a savepoint()")));
    return;
  }
  try {
    const std::string name = "core_lib_" + std::to_string(depth);
    const std::string undo = "ROLLBACK TO SAVEPOINT " + name;
    const std::string release = "RELEASE SAVEPOINT " + name;
    detail::Execution(*this, detail::ControlStatement{undo});
    detail::Execution(*this, detail::ControlStatement{release});
  } catch (...) {
    doom(std::current_exception());
  }
}

}  // namespace core_lib::sql
