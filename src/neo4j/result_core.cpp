// SPDX-License-Identifier: Apache-2.0
#include "neo4j/result_core.hpp"

#include <utility>

#include "core_lib/error/error.hpp"

#include "neo4j/summary_reader.hpp"

namespace core_lib::neo4j {

class ResultCore::RunReply final : public Reply {
 public:
  RunReply(Link& link, ResultCore& result) : Reply(link), result_(&result) {}
  void let_go() noexcept { result_ = nullptr; }

 private:
  bool on_entry(std::string_view key, packstream::Unpacker& value) override {
    if (result_ == nullptr) return false;
    if (key == "fields") {
      auto keys = std::make_shared<detail::Keys>();
      const std::size_t count = value.list_header();
      keys->reserve(count);
      for (std::size_t i = 0; i < count; ++i) keys->emplace_back(value.string());
      result_->keys_ = std::move(keys);
    } else if (key == "qid") {
      result_->qid_ = value.integer();
    } else if (key == "t_first") {
      result_->first_after_ = value.integer();
    } else {
      return false;
    }
    return true;
  }

  ResultCore* result_;
};

class ResultCore::PullReply final : public Reply {
 public:
  PullReply(Link& link, ResultCore& result) : Reply(link), result_(&result) {}
  void let_go() noexcept { result_ = nullptr; }

  /// Looks at all of it once, so that whatever reads it later finds it whole.
  void on_record(std::span<const std::byte> row) override {
    if (result_ == nullptr) return;
    packstream::Unpacker reader(row);
    if (reader.list_header() != result_->keys_->size()) {
      packstream::throw_protocol_error("a record has another number of values than the result has names");
    }
    reader.skip(result_->keys_->size());
    result_->had_records_ = true;
    if (!result_->discarding_) result_->rows_.push(row);
  }

  void on_success(packstream::Unpacker metadata) override {
    const std::byte* const start = metadata.position();
    Reply::on_success(metadata);
    if (result_ == nullptr || result_->state_ == State::failed) return;
    ResultCore& result = *result_;
    if (has_more_) {
      result.state_ = State::paused;
      return;
    }
    packstream::Unpacker whole = metadata;
    whole.skip();
    result.metadata_.assign(start, whole.position());
    result.state_ = State::finished;
  }

  void on_failure(const std::shared_ptr<const ServerFailure>& failure) override {
    Reply::on_failure(failure);
    if (result_ != nullptr) result_->failed(error());
  }
  void on_ignored() override {
    Reply::on_ignored();
    if (result_ != nullptr) result_->failed(error());
  }

 private:
  bool on_entry(std::string_view key, packstream::Unpacker& value) override {
    if (key == "has_more") {
      has_more_ = value.boolean();
    } else if (key == "bookmark" && result_ != nullptr && value.peek() == packstream::Type::string) {
      result_->bookmark_ = value.string();
    } else {
      return false;
    }
    return true;
  }

  ResultCore* result_;
  bool has_more_ = false;
};

ResultCore::ResultCore(ResultOwner& owner, Link& link, std::string query, Map parameters, std::int64_t fetch_size)
    : owner_(&owner),
      link_(&link),
      query_(std::move(query)),
      parameters_(std::move(parameters)),
      fetch_size_(fetch_size),
      keys_(std::make_shared<const detail::Keys>()),
      server_(link.server()),
      version_(link.bolt().version()) {}

ResultCore::~ResultCore() { detach(); }

void ResultCore::detach() noexcept {
  if (run_reply_ != nullptr) std::exchange(run_reply_, nullptr)->let_go();
  if (pull_reply_ != nullptr) std::exchange(pull_reply_, nullptr)->let_go();
  owner_ = nullptr;
  link_ = nullptr;
}

void ResultCore::start(const bolt::TransactionStart* start) {
  commits_itself_ = start != nullptr && start->access == Access::read_write;
  run_reply_ = std::make_shared<RunReply>(*link_, *this);
  link_->bolt().run(query_, parameters_, start, run_reply_);
  pull();
}

template <class Fn>
void ResultCore::guarded(Fn&& fn) {
  try {
    fn();
  } catch (Error& error) {
    if (commits_itself_ && !is_done() && error.breaks_connection()) error.set_in_doubt();
    failed(std::current_exception());
    tell_owner();
    throw;
  } catch (...) {
    failed(std::current_exception());
    tell_owner();
    throw;
  }
  tell_owner();
}

/// Only once the link is at rest, since the owner may give it away.
void ResultCore::tell_owner() {
  if (!is_done() || owner_ == nullptr) return;
  ResultOwner& owner = *std::exchange(owner_, nullptr);
  if (state_ == State::failed) {
    owner.result_failed(*this, error_);
  } else {
    owner.result_finished(*this, std::move(bookmark_));
  }
}

void ResultCore::await_run() {
  if (run_reply_ == nullptr) return;
  guarded([&] {
    const std::shared_ptr<RunReply> reply = run_reply_;
    link_->wait(*reply);
    run_reply_.reset();
    rows_.set_dialect(link_->bolt().dialect());
  });
  if (state_ == State::running) state_ = State::streaming;
}

void ResultCore::pull() {
  pull_reply_ = std::make_shared<PullReply>(*link_, *this);
  link_->bolt().pull(fetch_size_, is_last_ ? bolt::Protocol::last : qid_, pull_reply_);
  if (state_ == State::paused) state_ = State::streaming;
}

void ResultCore::failed(std::exception_ptr error) {
  if (is_done()) return;
  state_ = State::failed;
  error_ = std::move(error);
}

void ResultCore::check_readable() const {
  if (state_ == State::failed && closed_) std::rethrow_exception(error_);
  if (closed_) {
    throw UsageError(
        "the result is closed: it was consumed, or its transaction or session has ended; read its records before that, "
        "into a container of values");
  }
}

/// Reads one message that may bring a row, after asking for more where the last batch was read.
void ResultCore::read_more() {
  guarded([&] {
    if (state_ == State::paused) {
      pull();
      link_->send();
    }
    link_->receive();
  });
}

const detail::Row* ResultCore::peek() {
  check_readable();
  await_run();
  while (rows_.empty()) {
    if (state_ == State::failed) std::rethrow_exception(error_);
    if (state_ == State::finished) return nullptr;
    read_more();
  }
  return &rows_.front();
}

const detail::Row* ResultCore::next() {
  if (!rows_.empty() && !closed_) return &rows_.pop();
  return peek() == nullptr ? nullptr : &rows_.pop();
}

void ResultCore::buffer_all() noexcept {
  try {
    await_run();
    fetch_everything();
    while (!is_done()) read_more();
  } catch (...) {  // kept in error_
  }
}

void ResultCore::discard_all() {
  if (!is_done()) check_readable();
  if (state_ != State::failed) await_run();
  rows_.clear();
  discarding_ = true;
  while (!is_done()) {
    guarded([&] {
      if (state_ == State::paused) {
        pull_reply_ = std::make_shared<PullReply>(*link_, *this);
        link_->bolt().discard(bolt::Protocol::all, is_last_ ? bolt::Protocol::last : qid_, pull_reply_);
        state_ = State::streaming;
        link_->send();
      }
      link_->receive();
    });
  }
  if (state_ == State::failed) std::rethrow_exception(error_);
}

const Summary& ResultCore::summary() {
  if (summary_) return *summary_;
  discard_all();
  close();
  summary_ = make_summary();
  return *summary_;
}

Summary ResultCore::make_summary() const {
  Summary summary;
  summary.query = query_;
  summary.parameters = parameters_;
  summary.server = server_;
  if (first_after_) summary.result_available_after = std::chrono::milliseconds(*first_after_);
  const Map metadata = packstream::Unpacker(metadata_).map();
  read_summary(metadata, !keys_->empty(), had_records_, summary);
  return summary;
}

void ResultCore::close() noexcept {
  closed_ = true;
  rows_.clear();
}

void ResultCore::fail(const std::exception_ptr& error) {
  if (state_ == State::failed || closed_) return;
  state_ = State::failed;
  error_ = std::make_exception_ptr(
      TransactionAborted("the result is lost, since its transaction has failed with another query", {.cause = error}));
  rows_.clear();
}

}  // namespace core_lib::neo4j
