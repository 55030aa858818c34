// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "core_lib/error/error.hpp"

#include "pool/pool_core.hpp"

namespace core_lib::pool::detail {
namespace {

constexpr std::size_t most_holders = 8;
constexpr std::string_view component = "pool";

std::string place(const std::source_location& where) { return fmt::format("{}:{}", where.file_name(), where.line()); }

std::string seconds(Clock::time_point::duration time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

std::string describe(const Holder& holder, Clock::time_point now) {
  return fmt::format("{} (thread {}, for {})", place(holder.where), holder.thread, seconds(now - holder.since));
}

std::string describe(const std::vector<Holder>& holders, std::size_t of, Clock::time_point now) {
  std::string text;
  for (const Holder& holder : holders) text += (text.empty() ? "" : ", ") + describe(holder, now);
  if (of > holders.size()) text += fmt::format(" and {} more", of - holders.size());
  return text;
}

}  // namespace

PoolStatistics PoolCore::count() const {
  PoolStatistics statistics = counts_;
  statistics.name = options_.name;
  statistics.max_total = max_total_;
  statistics.total = total();
  statistics.active = active_.size();
  statistics.idle = idle_.size();
  statistics.connecting = connecting_;
  statistics.waiting = waiters_.size();
  for (const auto* slots : {&active_, &idle_}) {
    for (const Slot& slot : *slots) statistics.acquired += slot.uses;
  }
  return statistics;
}

PoolStatistics PoolCore::statistics() {
  Lock lock(*this);
  return count();
}

PoolCore::Snapshot PoolCore::snapshot() const {
  Snapshot snapshot{count(), {}, last_connect_failure_, clock_.now()};
  std::vector<Holder>& holders = snapshot.longest_held;
  for (const Slot& slot : active_) {
    const Holder holder = slot.holder();
    if (holder.thread != 0) holders.push_back(holder);  // else it comes or goes at this moment
  }
  std::sort(holders.begin(), holders.end(), [](const Holder& a, const Holder& b) { return a.since < b.since; });
  if (holders.size() > most_holders) holders.resize(most_holders);
  return snapshot;
}

void PoolCore::throw_timeout(Lock& lock, std::source_location where) {
  ++counts_.timeouts;
  const Snapshot at = snapshot();
  lock.unlock();
  const PoolStatistics& is = at.statistics;
  std::string message = fmt::format(
      "pool '{}': no connection became free in time for {}: {} of at most {} in use, {} idle, {} connecting, "
      "{} others waiting",
      is.name, place(where), is.active, is.max_total, is.idle, is.connecting, is.waiting);
  if (!is.last_connect_error.empty()) message += "; the last attempt to connect failed: " + is.last_connect_error;
  if (is.active > 0) message += "; held longest: " + describe(at.longest_held, is.active, at.now);
  throw PoolTimeout(message, {.cause = at.last_connect_failure}, where);
}

void PoolCore::throw_self_wait(Lock& lock, std::source_location where) const {
  const Snapshot at = snapshot();
  lock.unlock();
  throw UsageError(
      fmt::format("pool '{}': {} would wait forever: all {} connections that there may be are held by the same thread, "
                  "acquired at {}. Give one back first, use the one at hand, or raise max_size (pool_size in a "
                  "configuration) where the data source takes more than one",
                  options_.name, place(where), max_total_, describe(at.longest_held, at.statistics.active, at.now)),
      {}, where);
}

void PoolCore::throw_still_held(Lock& lock, bool by_caller) const {
  const Snapshot at = snapshot();
  lock.unlock();
  const PoolStatistics& is = at.statistics;
  const std::string held = describe(at.longest_held, is.active, at.now);
  if (by_caller) {
    throw UsageError(fmt::format("pool '{}': close() would wait forever for connections that its own thread holds: {}",
                                 is.name, held));
  }
  std::string message =
      fmt::format("pool '{}' was closed, but in time not everything came back: {} in use, {} connecting", is.name,
                  is.active, is.connecting);
  if (is.active > 0) message += "; held longest: " + held;
  throw DeadlineExceeded(message);
}

void PoolCore::warn(const std::string& message) const noexcept {
  setup_->logger->write(LogLevel::warning, component, message);
}

void PoolCore::report_leaks(const std::vector<Holder>& leaks, Clock::time_point now) const {
  for (const Holder& leak : leaks) {
    warn(fmt::format("pool '{}': a connection may have been forgotten, it is in use longer than {}: {}", options_.name,
                     seconds(options_.leak_threshold), describe(leak, now)));
    if (observer_ != nullptr) tell(PoolEvent::Kind::leaked, now - leak.since);
  }
}

void PoolCore::note_return(const Slot& slot) const noexcept {
  setup_->logger->write(LogLevel::info, component,
                        fmt::format("pool '{}': the connection reported as forgotten came back: {}", options_.name,
                                    describe(slot.holder(), clock_.now())));
}

}  // namespace core_lib::pool::detail
