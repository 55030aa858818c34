// SPDX-License-Identifier: Apache-2.0
#include "neo4j/transaction_core.hpp"

#include <utility>

#include "core_lib/error/error.hpp"

namespace core_lib::neo4j {

class TransactionCore::CommitReply final : public Reply {
 public:
  explicit CommitReply(Link& link) : Reply(link, FailedAt::commit) {}
  [[nodiscard]] std::string take_bookmark() noexcept { return std::move(bookmark_); }

 private:
  bool on_entry(std::string_view key, packstream::Unpacker& value) override {
    if (key != "bookmark" || value.peek() != packstream::Type::string) return false;
    bookmark_ = value.string();
    return true;
  }

  std::string bookmark_;
};

TransactionCore::TransactionCore(std::shared_ptr<SessionCore> session, Link& link)
    : session_(std::move(session)), link_(&link) {
  link_->set_in_transaction(true);
}

TransactionCore::~TransactionCore() { abandon(); }

void TransactionCore::queue_begin(const bolt::TransactionStart& start) {
  begin_reply_ = std::make_shared<Reply>(*link_);
  link_->bolt().begin(start, begin_reply_);
}

void TransactionCore::await_begin() {
  if (begin_reply_ == nullptr) return;
  const std::shared_ptr<Reply> reply = std::move(begin_reply_);
  try {
    link_->wait(*reply);
  } catch (...) {
    fail(std::current_exception());
    throw;
  }
}

void TransactionCore::check_open() const {
  switch (state_) {
    case State::open:
      return;
    case State::failed:
      throw TransactionAborted(
          "the transaction has failed with an earlier query, so that nothing more can be run in it", {.cause = error_});
    case State::committed:
      throw UsageError("the transaction is closed: it was committed");
    case State::rolled_back:
    case State::abandoned:
      throw UsageError("the transaction is closed: it was rolled back");
  }
}

std::shared_ptr<ResultCore> TransactionCore::queue(std::string query, Map parameters, std::int64_t fetch_size) {
  auto result = std::make_shared<ResultCore>(*this, *link_, std::move(query), std::move(parameters), fetch_size);
  result->start(nullptr);
  for (const auto& earlier : results_) earlier->set_not_last();
  results_.push_back(result);
  return result;
}

std::shared_ptr<ResultCore> TransactionCore::run(std::string query, Map parameters) {
  check_open();
  std::shared_ptr<ResultCore> result = queue(std::move(query), std::move(parameters), session_->fetch_size());
  await_begin();
  result->await_run();
  return result;
}

void TransactionCore::result_finished(ResultCore& result, std::string) {
  constexpr std::size_t many = 64;
  if (finished_results_.size() >= many) {
    std::erase_if(finished_results_, [](const std::weak_ptr<ResultCore>& gone) { return gone.expired(); });
  }
  finished_results_.push_back(result.weak_from_this());
  std::erase_if(results_, [&](const std::shared_ptr<ResultCore>& open) { return open.get() == &result; });
}

template <class Fn>
void TransactionCore::for_each_result(Fn&& fn) {
  for (const auto& result : std::exchange(results_, {})) fn(*result);
  for (const auto& weak : std::exchange(finished_results_, {})) {
    if (const std::shared_ptr<ResultCore> result = weak.lock()) fn(*result);
  }
}

void TransactionCore::result_failed(ResultCore&, std::exception_ptr error) { fail(std::move(error)); }

/// One failed query fails everything in the transaction, and the server has rolled it back: the connection goes to
/// whoever needs it, with a RESET.
void TransactionCore::fail(std::exception_ptr error) {
  if (state_ != State::open) return;
  state_ = State::failed;
  error_ = std::move(error);
  for_each_result([&](ResultCore& result) {
    result.fail(error_);
    result.detach();
  });
  link_ = nullptr;
  session_->transaction_ended({});
}

void TransactionCore::discard_results() {
  while (!results_.empty() && state_ == State::open) {
    const std::shared_ptr<ResultCore> result = results_.back();
    result->discard_all();
    result->close();
    std::erase(results_, result);
  }
}

void TransactionCore::end(State state, std::string bookmark) {
  state_ = state;
  for_each_result([](ResultCore& result) {
    result.close();
    result.detach();
  });
  if (std::exchange(link_, nullptr) != nullptr) session_->transaction_ended(std::move(bookmark));
}

void TransactionCore::commit() {
  check_open();
  try {
    discard_results();
  } catch (...) {
    fail(std::current_exception());
    throw;
  }
  const auto reply = std::make_shared<CommitReply>(*link_);
  link_->bolt().commit(reply);
  await_begin();
  try {
    link_->wait(*reply);
  } catch (const Error& error) {
    const bool unknown = !reply->is_done();
    const std::exception_ptr cause = std::current_exception();
    fail(cause);
    end(State::rolled_back, {});
    if (!unknown) throw;
    throw CommitUnknown(std::string("the connection was lost after COMMIT was sent, so that nobody knows whether the "
                                    "transaction was stored: ") +
                            error.what(),
                        {.breaks_connection = true, .cause = cause});
  }
  link_->set_in_transaction(false);
  end(State::committed, reply->take_bookmark());
}

void TransactionCore::rollback() {
  if (state_ == State::failed) return end(State::rolled_back, {});
  check_open();
  const auto reply = std::make_shared<Reply>(*link_);
  try {
    discard_results();
    link_->bolt().rollback(reply);
    link_->wait(*reply);
  } catch (...) {
    fail(std::current_exception());
    end(State::rolled_back, {});
    throw;
  }
  link_->set_in_transaction(false);
  end(State::rolled_back, {});
}

void TransactionCore::close() {
  if (is_open()) rollback();
}

void TransactionCore::abandon() noexcept {
  if (is_open()) end(State::abandoned, {});
}

ManagedTransaction::ManagedTransaction(std::shared_ptr<TransactionCore> core) noexcept : core_(std::move(core)) {}
ManagedTransaction::ManagedTransaction(ManagedTransaction&&) noexcept = default;
ManagedTransaction& ManagedTransaction::operator=(ManagedTransaction&&) noexcept = default;
ManagedTransaction::~ManagedTransaction() = default;

Result ManagedTransaction::run(std::string query, Map parameters) {
  return Result(core_->run(std::move(query), std::move(parameters)));
}

Transaction& Transaction::operator=(Transaction&& other) noexcept {
  if (this != &other) {
    if (core_ != nullptr) core_->abandon();
    ManagedTransaction::operator=(std::move(other));
  }
  return *this;
}
Transaction::~Transaction() {
  if (core_ != nullptr) core_->abandon();
}

void Transaction::commit() { core_->commit(); }
void Transaction::rollback() { core_->rollback(); }
void Transaction::close() { core_->close(); }

}  // namespace core_lib::neo4j
