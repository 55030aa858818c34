// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "neo4j/session_core.hpp"

namespace core_lib::neo4j {

/// What Transaction holds: its results, and how it ended.
class TransactionCore final : public ResultOwner {
 public:
  TransactionCore(std::shared_ptr<SessionCore> session, Link& link);
  ~TransactionCore() override;

  /// Waits for the reply to BEGIN where that has not come.
  void await_begin();
  [[nodiscard]] std::shared_ptr<ResultCore> run(std::string query, Map parameters);
  /// Queues a query without sending it. @pre the caller awaits it
  [[nodiscard]] std::shared_ptr<ResultCore> queue(std::string query, Map parameters, std::int64_t fetch_size);
  void commit();
  void rollback();
  void close();
  /// Ends it without a word: whoever gives the connection back asks for a RESET.
  void abandon() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return link_ != nullptr; }
  void queue_begin(const bolt::TransactionStart& start);

  void result_finished(ResultCore& result, std::string bookmark) override;
  void result_failed(ResultCore& result, std::exception_ptr error) override;

 private:
  enum class State { open, failed, committed, rolled_back, abandoned };
  class CommitReply;

  void check_open() const;
  void fail(std::exception_ptr error);
  void end(State state, std::string bookmark);
  void discard_results();
  template <class Fn>
  void for_each_result(Fn&& fn);

  std::shared_ptr<SessionCore> session_;
  Link* link_;
  State state_ = State::open;
  std::exception_ptr error_;
  std::shared_ptr<Reply> begin_reply_;
  std::vector<std::shared_ptr<ResultCore>> results_;         // open at the server
  std::vector<std::weak_ptr<ResultCore>> finished_results_;  // read from the server, but perhaps not by their owners
};

}  // namespace core_lib::neo4j
