// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/wire.hpp"

#include <cerrno>
#include <chrono>
#include <ctime>
#include <string_view>
#include <utility>

#include <poll.h>

#include "pool/freshness.hpp"

namespace core_lib::sql::postgresql {
namespace {

bool is_error(ExecStatusType status) { return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE; }

std::timespec until(Deadline deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(deadline.remaining());
  return {.tv_sec = left.count() / 1'000'000'000, .tv_nsec = left.count() % 1'000'000'000};
}

}  // namespace

bool wait_for_socket(int socket, bool to_read, bool to_write, Deadline deadline) {
  pollfd look{.fd = socket, .events = 0, .revents = 0};
  if (to_read) look.events |= POLLIN;
  if (to_write) look.events |= POLLOUT;
  for (;;) {
    const std::timespec left = deadline.is_never() ? std::timespec{} : until(deadline);
    const int ready = ppoll(&look, 1, deadline.is_never() ? nullptr : &left, nullptr);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;  // an error shows at the next read
    if (ready == 0) return false;
  }
}

std::uint64_t rows_written(const PGresult* result) noexcept {
  const char* at = PQcmdStatus(const_cast<PGresult*>(result));
  if (*at == 'S' || *at == 'F') return 0;  // SELECT, FETCH: those were read
  std::uint64_t rows = 0;
  if ((at[0] == 'U' && at[1] == 'P') || (at[0] == 'I' && at[1] == 'N')) at += 6;  // UPDATE and INSERT alone begin so
  while (*at > ' ') ++at;
  while (*at == ' ') {  // the last number: INSERT has another one before
    for (rows = 0; *++at >= '0' && *at <= '9';) rows = 10 * rows + static_cast<std::uint64_t>(*at - '0');
  }
  return rows;
}

bool Reply::is_failure() const noexcept { return state != State::answered || is_error(PQresultStatus(result.get())); }

Wire::Wire(ConnectionPtr connection)
    : connection_(std::move(connection)), cancel_(PQgetCancel(connection_.get()), PQfreeCancel) {
  PQsetnonblocking(connection_.get(), 1);
}

void Wire::send(const Step& step) {
  PGconn* const pg = connection_.get();
  int sent = 0;
  switch (step.kind) {
    case Step::Kind::query:
      sent = PQsendQueryParams(pg, step.sql, step.parameters.size, step.parameters.oids, step.parameters.values,
                               step.parameters.lengths, step.parameters.formats, step.binary ? 1 : 0);
      break;
    case Step::Kind::command:
      sent = PQpipelineStatus(pg) == PQ_PIPELINE_OFF
                 ? PQsendQuery(pg, step.sql)
                 : PQsendQueryParams(pg, step.sql, 0, nullptr, nullptr, nullptr, nullptr, 0);
      break;
    case Step::Kind::prepare:
      sent = PQsendPrepare(pg, step.name, step.sql, static_cast<int>(step.types.size()), step.types.data());
      break;
    case Step::Kind::run_prepared:
      sent = PQsendQueryPrepared(pg, step.name, step.parameters.size, step.parameters.values, step.parameters.lengths,
                                 step.parameters.formats, step.binary ? 1 : 0);
      break;
  }
  failed_ = failed_ || sent == 0;
}

void Wire::add(const Step& step) {
  enter();
  send(step);
  ++added_;
}

void Wire::add_execution(const char* name, const ParameterView& parameters, bool binary) {
  enter();
  if (PQsendQueryPrepared(connection_.get(), name, parameters.size, parameters.values, parameters.lengths,
                          parameters.formats, binary ? 1 : 0) == 0) {
    failed_ = true;
  }
  ++added_;
}

void Wire::end_unit() {
  failed_ = PQpipelineSync(connection_.get()) == 0 || failed_;
  added_ = 0;
  ++units_;
}

Reply Wire::run(Deadline deadline, Lateness lateness, Results results) {
  results_ = results;
  const std::size_t steps = added_ - skipped_;
  end_unit();
  Reply reply = read(deadline, lateness, steps);
  if (reply.state == Reply::State::answered) PQexitPipelineMode(connection_.get());
  return reply;
}

Reply Wire::run_alone(const Step& step, Deadline deadline, Lateness lateness) {
  results_ = Results::kept;
  send(step);
  units_ = 1;
  return read(deadline, lateness, 1);
}

// The way of one step that is answered goes straight on: what it touches is seldom in the processor's cache.
Reply Wire::read(Deadline deadline, Lateness lateness, std::size_t steps) {
  Reply reply;
  if (std::exchange(failed_, false)) [[unlikely]] {
    give_up(reply, Reply::State::lost);
    return reply;
  }
  PGconn* const pg = connection_.get();
  if (steps > 1) [[unlikely]] {
    reply.earlier.reserve(steps);
  }
  unsent_ = true;
  cancelling_.reset();
  const bool piped = PQpipelineStatus(pg) != PQ_PIPELINE_OFF;
  while (units_ > 0) {
    if (has_to_wait(deadline) && wait(deadline) == Waited::late) [[unlikely]] {
      if (cancelling_ || lateness == Lateness::give_up) {
        give_up(reply, Reply::State::late);
        return reply;
      }
      cancelling_.emplace(request_cancel());
      deadline = Deadline::in(cancel_grace);
      continue;
    }
    if (take_answer(reply, piped)) continue;
    if (PQstatus(pg) == CONNECTION_BAD) [[unlikely]] {
      give_up(reply, Reply::State::lost);
      return reply;
    }
    if (reply.state == Reply::State::copying) [[unlikely]] {
      give_up(reply, Reply::State::copying);
      return reply;
    }
  }
  if (cancelling_) [[unlikely]] {
    usable_ = cancelling_->wait(deadline);
  }
  answered_ = Deadline::clock::now();
  return reply;
}

/// What is left is the server's last words, where the link is lost.
void Wire::give_up(Reply& reply, Reply::State why) noexcept {
  ResultPtr last = why == Reply::State::lost ? std::move(reply.result) : nullptr;
  reply = {.state = why, .result = std::move(last)};
  usable_ = false;
}

inline bool Wire::take_answer(Reply& reply, bool piped) {
  PGconn* const pg = connection_.get();
  ResultPtr result(PQgetResult(pg));
  if (!result) {
    if (!piped) [[likely]] {
      units_ = 0;
    }
    return false;
  }
  const ExecStatusType status = PQresultStatus(result.get());
  if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) [[likely]] {
    if (!reply.failed) [[likely]] {
      take(std::move(result), status, reply);
    }
  } else if (status == PGRES_PIPELINE_SYNC) {
    if (--units_ > 0) {
      reply = {};  // only the last unit's outcome is asked for
    } else {
      skipped_ = 0;
    }
    return true;
  } else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
    reply.state = Reply::State::copying;
    return false;
  } else if (status != PGRES_PIPELINE_ABORTED && !reply.failed) {
    take(std::move(result), status, reply);
  }
  // In the pipeline nothing follows the result of a step, and that is there at once.
  if (piped) {
    result.reset();
    PQclear(PQgetResult(pg));
  }
  return !reply.failed;
}

/// @pre none has failed so far
inline void Wire::take(ResultPtr&& result, ExecStatusType status, Reply& reply) {
  const bool failed = is_error(status);
  if (!failed) {
    if (skipped_ > 0 && units_ == 1) [[unlikely]] {
      --skipped_;
      return;
    }
    ++reply.done;
    if (results_ == Results::counted) [[unlikely]] {
      StepResult& step = reply.earlier.emplace_back();
      if (status == PGRES_COMMAND_OK) {
        step.written = rows_written(result.get());
      } else {
        step.result = std::move(result);
      }
      return;
    }
  }
  if (reply.result) [[unlikely]] {
    reply.earlier.push_back({.result = std::move(reply.result)});
  }
  reply.result = std::move(result);
  reply.failed = failed;
}

Wire::Waited Wire::wait(Deadline deadline) {
  PGconn* const pg = connection_.get();
  for (;;) {
    if (unsent_) {
      const int left = PQflush(pg);
      if (left < 0) return Waited::ready;  // the next result tells why
      unsent_ = left > 0;
    }
    if (!has_to_wait(deadline) || PQisBusy(pg) == 0) return Waited::ready;
    if (!wait_for_socket(PQsocket(pg), true, unsent_, deadline)) return Waited::late;
    if (PQconsumeInput(pg) == 0) return Waited::ready;
  }
}

/// Sends what libpq holds, and reads meanwhile, so that the server is never kept from going on.
Wire::Waited Wire::flush(Deadline deadline) {
  PGconn* const pg = connection_.get();
  while (PQflush(pg) > 0) {
    if (!wait_for_socket(PQsocket(pg), true, true, deadline)) return Waited::late;
    if (PQconsumeInput(pg) == 0) break;
  }
  return Waited::ready;  // a failure shows in the next result
}

bool Wire::look() {
  PGconn* const pg = connection_.get();
  if (!usable_) return false;
  if (PQstatus(pg) == CONNECTION_OK && Deadline::clock::now() - answered_ < pool::fresh_for) [[likely]] {
    return true;
  }
  for (int i = 0; i < 3 && PQstatus(pg) == CONNECTION_OK; ++i) {
    pollfd look{.fd = PQsocket(pg), .events = POLLIN | POLLRDHUP, .revents = 0};
    const int ready = ::poll(&look, 1, 0);
    if (ready == 0) return true;
    if (ready < 0 || (look.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0) return false;
    // A notice or a changed setting is fine; it is read, and what lies behind it shows at the next look.
    if (PQconsumeInput(pg) == 0) return false;
    PQisBusy(pg);
  }
  return false;
}

BoundedCall Wire::request_cancel() const {
  return BoundedCall([cancel = cancel_] {
    char ignored[256];
    PQcancel(cancel.get(), ignored, sizeof ignored);
  });
}

}  // namespace core_lib::sql::postgresql
