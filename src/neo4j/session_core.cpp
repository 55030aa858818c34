// SPDX-License-Identifier: Apache-2.0
#include "neo4j/session_core.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "core_lib/error/error.hpp"

#include "neo4j/transaction_core.hpp"

namespace core_lib::neo4j {
namespace {

void check_timeout(const TransactionConfig& config) {
  if (config.timeout && config.timeout->count() < 0) {
    throw UsageError("the timeout of a transaction must not be negative; 0 asks for none");
  }
}

/// Pauses between attempts: one second, doubled each time, give or take a fifth.
class Pauses {
 public:
  [[nodiscard]] std::chrono::milliseconds next() {
    thread_local std::minstd_rand random(std::random_device{}());
    const double share = std::uniform_real_distribution<double>(0.8, 1.2)(random);
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::exchange(pause_, pause_ * 2) * share));
  }

 private:
  double pause_ = 1000;
};

}  // namespace

SessionCore::SessionCore(std::shared_ptr<DriverCore> driver, SessionConfig config)
    : driver_(std::move(driver)),
      config_(std::move(config)),
      fetch_size_(config_.fetch_size.value_or(driver_->config().fetch_size)) {
  if (fetch_size_ < 1 && fetch_size_ != fetch_all) {
    throw UsageError("the fetch size of a session must be at least 1, or fetch_all");
  }
  if (config_.bookmarks) {
    for (const std::string& bookmark : *config_.bookmarks) {
      if (std::find(bookmarks_.begin(), bookmarks_.end(), bookmark) == bookmarks_.end()) bookmarks_.push_back(bookmark);
    }
  }
}

SessionCore::~SessionCore() { abandon(); }

void SessionCore::check_usable() const {
  if (closed_) throw UsageError("the Neo4j session is closed; open a new one");
  driver_->check_open();
  const std::shared_ptr<TransactionCore> open = transaction_.lock();
  if (open != nullptr && open->is_open()) {
    throw UsageError("the session has an open transaction; end it first, or run the query in it");
  }
}

void SessionCore::take_link() {
  lease_ = driver_->acquire({.session_auth = config_.auth ? &*config_.auth : nullptr, .deadline = config_.deadline});
}

void SessionCore::give_back() noexcept { driver_->release(lease_); }

/// A result without a transaction holds the connection until it was read.
void SessionCore::finish_open_result() {
  if (result_ == nullptr) return;
  const std::shared_ptr<ResultCore> open = std::move(result_);
  open->buffer_all();
}

bolt::TransactionStart SessionCore::start(Access access, const TransactionConfig& config) {
  sent_bookmarks_ = bookmarks_;
  if (config_.bookmark_manager != nullptr) {
    for (std::string& bookmark : config_.bookmark_manager->get_bookmarks()) {
      if (std::find(sent_bookmarks_.begin(), sent_bookmarks_.end(), bookmark) == sent_bookmarks_.end()) {
        sent_bookmarks_.push_back(std::move(bookmark));
      }
    }
  }
  return {.database = config_.database,
          .access = access,
          .bookmarks = &sent_bookmarks_,
          .config = &config,
          .impersonated_user = config_.impersonated_user,
          .notifications = &config_.notifications};
}

void SessionCore::check_impersonation() const {
  const bolt::Features& features = lease_->bolt().features();
  const bool filters = config_.notifications.is_set() || driver_->config().notifications.is_set();
  if (filters && !features.notification_filter) {
    throw ConfigError("filters of notifications take Neo4j 5.7 or newer");
  }
}

std::shared_ptr<ResultCore> SessionCore::run(std::string query, Map parameters, const TransactionConfig& config) {
  check_usable();
  check_timeout(config);
  finish_open_result();
  const bolt::TransactionStart begun = start(config_.access, config);
  take_link();
  try {
    check_impersonation();
    lease_->announce(bolt::Api::auto_commit);
    result_ = std::make_shared<ResultCore>(*this, *lease_, std::move(query), std::move(parameters), fetch_size_);
    result_->start(&begun);
  } catch (...) {
    result_.reset();
    give_back();
    throw;
  }
  const std::shared_ptr<ResultCore> result = result_;
  result->await_run();
  return result;
}

void SessionCore::result_finished(ResultCore& result, std::string bookmark) {
  result.detach();
  if (result_.get() == &result) result_.reset();
  give_back();
  keep_bookmark(std::move(bookmark));
}

void SessionCore::result_failed(ResultCore& result, std::exception_ptr) {
  result.detach();
  if (result_.get() == &result) result_.reset();
  give_back();
}

void SessionCore::keep_bookmark(std::string bookmark) {
  if (bookmark.empty()) return;
  bookmarks_ = {std::move(bookmark)};
  if (config_.bookmark_manager != nullptr) config_.bookmark_manager->update_bookmarks(sent_bookmarks_, bookmarks_);
}

std::shared_ptr<TransactionCore> SessionCore::begin(const TransactionConfig& config) {
  announced_.reset();
  return begin(config_.access, config, bolt::Api::explicit_transaction, true);
}

std::shared_ptr<TransactionCore> SessionCore::begin(Access access, const TransactionConfig& config, bolt::Api api,
                                                    bool wait) {
  check_usable();
  check_timeout(config);
  finish_open_result();
  const bolt::TransactionStart begun = start(access, config);
  take_link();
  std::shared_ptr<TransactionCore> transaction;
  try {
    check_impersonation();
    announce(api);
    transaction = std::make_shared<TransactionCore>(shared_from_this(), *lease_);
    transaction_ = transaction;
    transaction->queue_begin(begun);
    if (wait) transaction->await_begin();
  } catch (...) {
    if (transaction != nullptr) transaction->abandon();
    give_back();
    throw;
  }
  return transaction;
}

/// What the server has heard about a managed transaction is not said again when that is tried again.
void SessionCore::announce(bolt::Api api) {
  const bool heard = announced_ != nullptr && announced_->is_done() && announced_->error() == nullptr;
  if (!heard) announced_ = lease_->announce(api);
}

void SessionCore::transaction_ended(std::string bookmark) {
  transaction_.reset();
  give_back();
  keep_bookmark(std::move(bookmark));
}

template <class Attempt>
void SessionCore::with_retries(Attempt&& attempt) {
  announced_.reset();
  Pauses pauses;
  std::optional<Clock::time_point> give_up;
  for (;;) {
    try {
      return attempt();
    } catch (const Error& error) {
      if (!error.is_retryable() || dynamic_cast<const PoolTimeout*>(&error) != nullptr) throw;
      const Clock::time_point now = driver_->clock().now();
      if (!give_up) give_up = now + driver_->config().max_transaction_retry_time;
      const auto pause = pauses.next();
      if (now >= *give_up || config_.deadline.remaining() <= pause) throw;
      if (!driver_->cancellation().sleep(driver_->clock(), Deadline(now + pause))) throw;
    }
  }
}

// What only reads loses little where it was started in vain, so BEGIN goes out with its first query.
void SessionCore::execute(Access access, const detail::WorkRef& work, const TransactionConfig& config, bolt::Api api) {
  with_retries([&] {
    const std::shared_ptr<TransactionCore> core = begin(access, config, api, access == Access::read_write);
    ManagedTransaction transaction(core);
    try {
      work(transaction);
    } catch (...) {
      try {
        core->close();
      } catch (...) {  // what the work failed with comes first
      }
      throw;
    }
    core->commit();
  });
}

void SessionCore::execute_query(const std::string& query, const Map& parameters, const TransactionConfig& config,
                                const std::function<void(ResultCore&)>& read) {
  with_retries([&] {
    const std::shared_ptr<TransactionCore> core = begin(config_.access, config, bolt::Api::execute_query, false);
    try {
      const std::shared_ptr<ResultCore> result = core->queue(query, parameters, fetch_size_);
      core->await_begin();
      result->await_run();
      read(*result);
    } catch (...) {
      try {
        core->close();
      } catch (...) {
      }
      throw;
    }
    core->commit();
  });
}

void SessionCore::close() {
  if (closed_) return;
  closed_ = true;
  std::exception_ptr failure;
  try {
    if (const std::shared_ptr<ResultCore> open = std::move(result_)) {
      open->discard_all();
    }
    if (const std::shared_ptr<TransactionCore> open = transaction_.lock()) open->close();
  } catch (...) {
    failure = std::current_exception();
  }
  give_back();
  if (failure != nullptr) std::rethrow_exception(failure);
}

void SessionCore::abandon() noexcept {
  closed_ = true;
  if (const std::shared_ptr<ResultCore> open = std::move(result_)) {
    open->close();
    open->detach();
  }
  if (const std::shared_ptr<TransactionCore> open = transaction_.lock()) open->abandon();
  give_back();
}

Session::Session(std::shared_ptr<SessionCore> core) noexcept : core_(std::move(core)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&& other) noexcept {
  if (this != &other) {
    if (core_ != nullptr) core_->abandon();
    core_ = std::move(other.core_);
  }
  return *this;
}
Session::~Session() {
  if (core_ != nullptr) core_->abandon();
}

Result Session::run(std::string query, Map parameters, const TransactionConfig& config) {
  return Result(core_->run(std::move(query), std::move(parameters), config));
}
Transaction Session::begin_transaction(const TransactionConfig& config) { return Transaction(core_->begin(config)); }
void Session::execute_erased(Access access, detail::WorkRef work, const TransactionConfig& config) {
  core_->execute(access, work, config, bolt::Api::managed_transaction);
}
Bookmarks Session::last_bookmarks() const { return core_->last_bookmarks(); }
void Session::close() { core_->close(); }
void Session::abandon() noexcept { core_->abandon(); }

}  // namespace core_lib::neo4j
