// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <utility>

#include "sql/postgresql/wire.hpp"

namespace core_lib::sql::postgresql {
namespace {

constexpr std::size_t part_bytes = 64 * 1024;

}  // namespace

/// One COPY, outside of the pipeline.
class Wire::Load {
 public:
  Load(Wire& wire, Deadline deadline) : wire_(wire), pg_(wire.handle()), deadline_(deadline) {}

  Reply run(const char* sql, const Check& check, const Feed& feed) {
    wire_.unsent_ = true;
    if (PQsendQuery(pg_, sql) == 0) return lost();
    bool agreed = true;
    do {
      if (!read()) return given_up();
      if (status() == PGRES_TUPLES_OK) agreed = check(reply_.result.get());
    } while (status() == PGRES_COMMAND_OK || status() == PGRES_TUPLES_OK);
    if (status() == PGRES_COPY_IN) {
      if (!(agreed ? send(feed) : end("the table was changed"))) return given_up();
      wire_.unsent_ = true;
      if (!read()) return given_up();
    }
    if (!read_rest()) return given_up();
    if (PQstatus(pg_) == CONNECTION_BAD) return lost();
    if (cancelling_) wire_.usable_ = cancelling_->wait(deadline_);
    if (failure_ && wire_.usable_) std::rethrow_exception(failure_);
    return std::move(reply_);
  }

 private:
  [[nodiscard]] ExecStatusType status() const { return PQresultStatus(reply_.result.get()); }
  Reply lost() {
    wire_.give_up(reply_, Reply::State::lost);
    return std::move(reply_);
  }
  Reply given_up() {
    wire_.give_up(reply_, PQstatus(pg_) == CONNECTION_BAD ? Reply::State::lost : Reply::State::late);
    return std::move(reply_);
  }

  /// True where it may be waited a while longer, for the server to say that it was cancelled.
  bool cancel() {
    if (cancelling_) return false;
    cancelling_.emplace(wire_.request_cancel());
    deadline_ = Deadline::in(cancel_grace);
    return true;
  }
  bool read() {
    while (wire_.wait(deadline_) == Waited::late) {
      if (!cancel()) return false;
    }
    reply_.result.reset(PQgetResult(pg_));
    return reply_.result != nullptr;
  }
  bool read_rest() {
    for (;;) {
      while (wire_.wait(deadline_) == Waited::late) {
        if (!cancel()) return false;
      }
      if (!ResultPtr(PQgetResult(pg_))) return true;
    }
  }

  bool send(const Feed& feed) {
    CopyBuffer part;
    bool more = true;
    const char* complaint = nullptr;
    while (more && complaint == nullptr) {
      try {
        part.clear();
        more = feed(part, part_bytes);
      } catch (...) {
        failure_ = std::current_exception();
        complaint = "a row could not be stored";
        break;
      }
      if (PQputCopyData(pg_, part.bytes().data(), static_cast<int>(part.size())) != 1) return false;
      if (!flush()) return false;
      if (cancelling_) complaint = "the deadline passed";
    }
    return end(complaint);
  }
  bool end(const char* complaint) { return PQputCopyEnd(pg_, complaint) == 1 && flush(); }
  bool flush() {
    while (wire_.flush(deadline_) == Waited::late) {
      if (!cancel()) return false;
    }
    return true;
  }

  Wire& wire_;
  PGconn* pg_;
  Deadline deadline_;
  Reply reply_;
  std::optional<BoundedCall> cancelling_;
  std::exception_ptr failure_;  // of the rows
};

Reply Wire::load(const char* sql, const Check& check, const Feed& feed, Deadline deadline) {
  return Load(*this, deadline).run(sql, check, feed);
}

}  // namespace core_lib::sql::postgresql
