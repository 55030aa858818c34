// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/bulk_update.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <span>
#include <thread>
#include <unordered_map>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/solr/json_writer.hpp"

#include "solr/json/scalar_json.hpp"
#include "solr/json/tree.hpp"

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

/// As chains that tolerate errors write the unique key of a document.
std::string id_of(Value document, std::string_view unique_key) {
  const Value id = document[unique_key];
  if (id.is_null()) return "(unknown)";
  return id.kind() == ValueKind::text ? std::string(id.text()) : id.json();
}

/// What such a chain said of documents: it names only those that it refused, by their unique key. Where that fits
/// several, or none, nobody knows which was meant.
/// @param documents  with commas between
std::vector<Outcome> outcomes_of(std::string_view documents, std::uint64_t first,
                                 const std::vector<DocumentError>& errors, std::string_view unique_key) {
  const Reply read(detail::Tree::parse_json("[" + std::string(documents) + "]", "a batch"));
  std::vector<Outcome> outcomes;
  std::unordered_map<std::string, std::vector<std::size_t>> places;
  for (const Value document : read.root()) {
    places[id_of(document, unique_key)].push_back(outcomes.size());
    outcomes.push_back({.number = first + outcomes.size()});
  }
  std::unordered_map<std::string, std::size_t> refusals;
  for (const DocumentError& error : errors) ++refusals[error.id];
  for (const DocumentError& error : errors) {
    const auto found = places.find(error.id);
    if (found == places.end()) {
      for (Outcome& outcome : outcomes) {
        if (outcome.state == Outcome::State::stored) outcome.state = Outcome::State::unknown;
        if (outcome.reason.empty())
          outcome.reason = "Solr refused a document that is not in the batch: " + error.message;
      }
      continue;
    }
    const bool all = refusals[error.id] == found->second.size();
    for (const std::size_t at : found->second) {
      outcomes[at].state = all ? Outcome::State::refused : Outcome::State::unknown;
      outcomes[at].reason = error.message;
    }
  }
  return outcomes;
}

/// What the failure of a request says of each document in it.
Outcome::State state_after(const Error& error) noexcept {
  if (error.is_in_doubt()) return Outcome::State::unknown;
  const std::string_view status = error.native_code();
  if (status == "408") return Outcome::State::unknown;  // as much of it as had come may be stored
  if (status.size() == 3 && (status[0] == '3' || status[0] == '4')) return Outcome::State::refused;
  if (status.size() == 3) return Outcome::State::unknown;  // it broke off somewhere within the batch
  const bool unsent = dynamic_cast<const ConnectionLost*>(&error) != nullptr ||
                      dynamic_cast<const DeadlineExceeded*>(&error) != nullptr ||
                      dynamic_cast<const PoolTimeout*>(&error) != nullptr ||
                      dynamic_cast<const UsageError*>(&error) != nullptr;
  return unsent ? Outcome::State::not_sent : Outcome::State::unknown;
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
      changed_.wait(lock, [&] { return queue_.empty() && busy_ == 0 && waiting_ == 0; });
    }
    if (final_.value_or(client_.options().always_commit)) client_.commit();
    std::ranges::sort(report_.failures, {}, &Outcome::number);
    return report_;
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
    ++waiting_;
    changed_.wait(lock, [&] { return queue_.size() < options_.queue_batches; });
    --waiting_;
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
  /// @param again  they were part of a request that failed
  void store(const Batch& batch, std::size_t from, std::size_t to, bool again = false) noexcept {
    try {
      tell_answered(batch, from, to, send(batch, from, to).errors());
    } catch (const Error& error) {
      const bool conflicts = error.native_code() == "409";
      if (to - from > 1 && (conflicts || error.native_code() == "400")) {
        const std::size_t middle = from + (to - from) / 2;
        store(batch, from, middle, true);
        store(batch, middle, to, true);
      } else {
        // The request before may have stored it, unless it is refused for what it holds.
        const bool stored_before = again && error.native_code() != "400";
        tell_all(batch, from, to, stored_before ? Outcome::State::unknown : state_after(error), error.what());
      }
    } catch (...) {
      tell_all(batch, from, to, Outcome::State::unknown, current_message());
    }
  }

  UpdateReply send(const Batch& batch, std::size_t from, std::size_t to) const {
    std::string body = "[";
    return client_.send_update(body.append(batch.text(from, to)).append("]"), options_.update);
  }

  void tell_answered(const Batch& batch, std::size_t from, std::size_t to, const std::vector<DocumentError>& errors) {
    if (errors.empty()) return tell_all(batch, from, to, Outcome::State::stored, {});
    for (Outcome& outcome : outcomes_of(batch.text(from, to), batch.first + from, errors, options_.unique_key)) {
      tell(std::move(outcome));
    }
  }

  void tell_all(const Batch& batch, std::size_t from, std::size_t to, Outcome::State state,
                const std::string& why) noexcept {
    if (state == Outcome::State::stored && !options_.on_outcome) {
      const std::scoped_lock lock(mutex_);
      report_.stored += to - from;
      return;
    }
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
  std::size_t waiting_ = 0;  // batches that are not in the queue yet
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
