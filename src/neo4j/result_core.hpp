// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/neo4j/result.hpp"

#include "neo4j/link.hpp"
#include "neo4j/row_store.hpp"

namespace core_lib {
class Logger;
}

namespace core_lib::neo4j {

class ResultCore;

/// The session or transaction that a result belongs to.
class ResultOwner {
 public:
  virtual ~ResultOwner() = default;
  /// All was read. @param bookmark  empty where there is none
  virtual void result_finished(ResultCore& result, std::string bookmark) = 0;
  /// The query failed, or the link.
  virtual void result_failed(ResultCore& result, std::exception_ptr error) = 0;
};

/// One query and its records: asks for them, keeps those that came, and goes on without its owner once that has let go.
class ResultCore : public std::enable_shared_from_this<ResultCore> {
 public:
  ResultCore(ResultOwner& owner, Link& link, std::string query, Map parameters, std::int64_t fetch_size);
  ResultCore(const ResultCore&) = delete;
  ResultCore& operator=(const ResultCore&) = delete;
  ~ResultCore();

  /// Queues RUN and the first PULL. @param start  for a query without a transaction of its own
  void start(const bolt::TransactionStart* start);
  /// Reads until it is known whether the query runs. Errors: what it fails with.
  void await_run();

  [[nodiscard]] const std::shared_ptr<const detail::Keys>& keys() const noexcept { return keys_; }
  /// The next row, or null after the last. Errors: see Result.
  [[nodiscard]] const detail::Row* next();
  [[nodiscard]] const detail::Row* peek();
  /// Asks for all at once from now on.
  void fetch_everything() noexcept { fetch_size_ = bolt::Protocol::all; }
  /// Reads all that is left into memory. Errors stay inside, for whoever reads.
  void buffer_all() noexcept;
  /// Discards all that is left. Errors: what the query fails with.
  void discard_all();
  [[nodiscard]] const Summary& summary();

  /// The records are gone: their owner has ended.
  void close() noexcept;
  /// The owner failed for a reason outside of this result.
  void fail(const std::exception_ptr& error);
  /// The owner exists no more, or has given the link away; what is here stays. Replies that still come are read by
  /// whoever has the link then, perhaps in another thread, and are none of ours.
  void detach() noexcept;
  [[nodiscard]] bool is_done() const noexcept { return state_ == State::finished || state_ == State::failed; }
  /// A result that came after it in the same transaction: PULL has to name this one from now on.
  void set_not_last() noexcept { is_last_ = false; }

 private:
  enum class State { running, streaming, paused, finished, failed };
  class RunReply;
  class PullReply;

  void read_more();
  void pull();
  void failed(std::exception_ptr error);
  void tell_owner();
  void check_readable() const;
  [[nodiscard]] Summary make_summary() const;
  template <class Fn>
  void guarded(Fn&& fn);

  ResultOwner* owner_;
  Link* link_;
  std::string query_;
  Map parameters_;
  std::int64_t fetch_size_;
  State state_ = State::running;
  bool is_last_ = true;
  bool commits_itself_ = false;  // a query of its own, which may write
  bool closed_ = false;
  bool discarding_ = false;
  bool had_records_ = false;
  std::int64_t qid_ = bolt::Protocol::last;
  std::optional<std::int64_t> first_after_{};
  std::shared_ptr<const detail::Keys> keys_;
  RowStore rows_;
  std::exception_ptr error_{};
  std::shared_ptr<RunReply> run_reply_{};    // that of await_run()
  std::shared_ptr<PullReply> pull_reply_{};  // the last one
  std::vector<std::byte> metadata_{};        // of the last SUCCESS, read when a summary is asked for
  std::string bookmark_{};
  ServerInfo server_{};
  bolt::Version version_{};
  std::optional<Summary> summary_{};
};

}  // namespace core_lib::neo4j
