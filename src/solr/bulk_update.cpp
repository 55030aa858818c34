// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/bulk_update.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"

#include "solr/json/scalar_json.hpp"

namespace core_lib::solr {
namespace {

/// Documents with commas between, and where each ends.
struct Batch {
  std::uint64_t first = 0;  ///< The number of the first document.
  std::string documents{};
  std::vector<std::size_t> ends{};

  [[nodiscard]] std::string_view text(std::size_t from, std::size_t to) const {
    const std::size_t start = from == 0 ? 0 : ends[from - 1] + 1;
    return std::string_view(documents).substr(start, ends[to - 1] - start);
  }
};

/// The text between quotes of `"id":"..."`, which tolerant chains name their refusals by.
bool has_id(std::string_view document, std::string_view id) {
  std::string quoted = "\"id\":";
  const std::size_t size = quoted.size();
  JsonWriter(quoted).text(id);
  return document.find(quoted) != document.npos ||
         document.find(quoted.substr(0, size) + std::string(id)) != document.npos;
}

}  // namespace

class BulkUpdate::State {
 public:
  State(Client client, BulkOptions options) : client_(std::move(client)), options_(std::move(options)) {
    if (options_.threads == 0 || options_.batch_documents == 0 || options_.queue_batches == 0) {
      throw ConfigError("threads, batch_documents and queue_batches must be at least 1");
    }
    final_ = std::exchange(options_.update.commit, false);
    for (std::size_t i = 0; i < options_.threads; ++i) {
      threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
    }
  }

  ~State() {
    for (std::jthread& thread : threads_) thread.request_stop();
    changed_.notify_all();
  }

  template <class Append>
  std::uint64_t add(Append append) {
    std::unique_lock lock(mutex_);
    if (finished_) throw UsageError("a bulk update takes no documents after finish()");
    Batch& batch = open_;
    if (batch.ends.empty()) {
      batch.first = next_;
      if (batch.documents.capacity() == 0) batch.documents.reserve(options_.batch_bytes + options_.batch_bytes / 8);
    } else {
      batch.documents += ',';
    }
    const std::size_t before = batch.documents.size();
    try {
      append(batch.documents);
    } catch (...) {
      batch.documents.resize(batch.ends.empty() ? 0 : before - 1);
      throw;
    }
    batch.ends.push_back(batch.documents.size());
    const std::uint64_t number = next_++;
    if (batch.ends.size() >= options_.batch_documents || batch.documents.size() >= options_.batch_bytes)
      hand_over(lock);
    return number;
  }

  BulkReport finish() {
    {
      std::unique_lock lock(mutex_);
      if (!open_.ends.empty()) hand_over(lock);
      finished_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return queue_.empty() && busy_ == 0; });
    }
    if (final_.value_or(client_.options().always_commit)) client_.commit();
    std::ranges::sort(report_.failures, {}, &Outcome::number);
    return std::move(report_);
  }

  detail::EntityWriter& writer_of(std::span<const mapping::Field> fields) {
    if (!writer_ || fields_ != fields.data()) {
      writer_ = std::make_unique<detail::EntityWriter>(fields);
      fields_ = fields.data();
    }
    return *writer_;
  }

 private:
  void hand_over(std::unique_lock<std::mutex>& lock) {
    Batch full = std::exchange(open_, {});
    changed_.wait(lock, [&] { return queue_.size() < options_.queue_batches; });
    queue_.push_back(std::move(full));
    changed_.notify_all();
  }

  void run(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, stop, [&] { return !queue_.empty(); });
      if (stop.stop_requested()) return;
      const Batch batch = std::move(queue_.front());
      queue_.pop_front();
      ++busy_;
      changed_.notify_all();
      lock.unlock();
      store(batch, 0, batch.ends.size());
      lock.lock();
      --busy_;
      changed_.notify_all();
    }
  }

  /// Sends documents from..to of a batch; a refusal is narrowed down by halves.
  void store(const Batch& batch, std::size_t from, std::size_t to) noexcept {
    try {
      const UpdateReply reply = send(batch, from, to);
      tell_stored(batch, from, to, reply.errors());
    } catch (const CommitUnknown& error) {
      tell_all(batch, from, to, Outcome::State::unknown, error.what());
    } catch (const ConnectionLost& error) {
      tell_all(batch, from, to, Outcome::State::not_sent, error.what());
    } catch (const Error& error) {
      if (to - from > 1 && is_about_one(error)) {
        const std::size_t middle = from + (to - from) / 2;
        store(batch, from, middle);
        store(batch, middle, to);
      } else {
        tell_all(batch, from, to, Outcome::State::refused, error.what());
      }
    } catch (...) {
      tell_all(batch, from, to, Outcome::State::not_sent, current_message());
    }
  }

  /// Whether other documents of the batch may still be stored.
  static bool is_about_one(const Error& error) noexcept {
    return error.native_code() == "400" || error.native_code() == "409";
  }

  UpdateReply send(const Batch& batch, std::size_t from, std::size_t to) const {
    std::string body = "[";
    return client_.send_update(body.append(batch.text(from, to)).append("]"), options_.update);
  }

  void tell_stored(const Batch& batch, std::size_t from, std::size_t to, const std::vector<DocumentError>& errors) {
    for (std::size_t i = from; i < to; ++i) {
      const auto refused = std::ranges::find_if(
          errors, [&](const DocumentError& error) { return has_id(batch.text(i, i + 1), error.id); });
      if (refused == errors.end()) {
        tell({batch.first + i, Outcome::State::stored, {}});
      } else {
        tell({batch.first + i, Outcome::State::refused, refused->message});
      }
    }
  }

  void tell_all(const Batch& batch, std::size_t from, std::size_t to, Outcome::State state,
                const std::string& why) noexcept {
    for (std::size_t i = from; i < to; ++i) tell({batch.first + i, state, why});
  }

  void tell(Outcome outcome) noexcept {
    try {
      if (options_.on_outcome) options_.on_outcome(outcome);
    } catch (...) {
      client_.options().logger->write(LogLevel::error, "solr", "on_outcome threw: " + current_message());
    }
    const std::scoped_lock lock(mutex_);
    if (outcome.state == Outcome::State::stored) {
      ++report_.stored;
    } else {
      ++report_.not_stored;
      if (report_.failures.size() < BulkReport::most_failures) report_.failures.push_back(std::move(outcome));
    }
  }

  const Client client_;
  BulkOptions options_;
  std::optional<bool> final_{};
  std::mutex mutex_;
  std::condition_variable_any changed_;
  Batch open_{};
  std::deque<Batch> queue_;
  std::size_t busy_ = 0;
  std::uint64_t next_ = 0;
  bool finished_ = false;
  BulkReport report_{};
  std::unique_ptr<detail::EntityWriter> writer_{};
  const mapping::Field* fields_ = nullptr;
  std::vector<std::jthread> threads_{};
};

BulkUpdate::BulkUpdate(Client client, BulkOptions options)
    : state_(std::make_unique<State>(std::move(client), std::move(options))) {}

BulkUpdate::~BulkUpdate() = default;

std::uint64_t BulkUpdate::add(const Document& document) {
  return state_->add([&](std::string& out) { document.append_to(out); });
}

std::uint64_t BulkUpdate::add_entity(const void* entity, std::span<const mapping::Field> fields) {
  return state_->add([&](std::string& out) {
    JsonWriter writer(out);
    state_->writer_of(fields).write(writer, entity);
  });
}

BulkReport BulkUpdate::finish() { return state_->finish(); }

}  // namespace core_lib::solr
