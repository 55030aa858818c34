// SPDX-License-Identifier: Apache-2.0
#include "solr/node_list.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib::solr {
namespace {

/// Whether another node may do better: this one is busy, starting or broken. A write may have been done.
bool is_worth_another(const Request& request, const Response& response) noexcept {
  return request.effect != Effect::write &&
         (response.status == 503 || response.status == 502 || response.status == 504);
}

}  // namespace

NodeList::NodeList(std::vector<std::shared_ptr<Transport>> nodes, BalancingOptions options,
                   std::shared_ptr<Logger> logger)
    : options_(options), logger_(std::move(logger)) {
  if (options_.first_pause.count() <= 0 || options_.longest_pause < options_.first_pause) {
    throw ConfigError("first_pause must be longer than 0, and longest_pause not shorter than it");
  }
  for (std::shared_ptr<Transport>& node : nodes) {
    name_ += (name_.empty() ? "" : ", ") + std::string(node->name());
    nodes_.push_back({std::move(node)});
  }
}

NodeList::~NodeList() = default;

std::optional<PoolStatistics> NodeList::pool_statistics() const {
  std::optional<PoolStatistics> all;
  for (const Node& node : nodes_) {
    const auto one = node.transport->pool_statistics();
    if (!one) continue;
    if (all) {
      *all += *one;
    } else {
      all = one;
      all->name = name_;
    }
  }
  return all;
}

std::size_t NodeList::alive() const {
  const std::scoped_lock lock(mutex_);
  return static_cast<std::size_t>(std::ranges::count_if(nodes_, &Node::alive));
}

/// The living in turn, then the others.
std::vector<std::size_t> NodeList::order() {
  const std::scoped_lock lock(mutex_);
  std::vector<std::size_t> order;
  const std::size_t first = next_++;
  for (const bool alive : {true, false}) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const std::size_t index = (first + i) % nodes_.size();
      if (nodes_[index].alive == alive) order.push_back(index);
    }
  }
  return order;
}

Response NodeList::send(const Request& request) {
  const std::vector<std::size_t> indices = order();
  std::optional<Response> busy;  // to an update, which may be stored there: it stands where others are not reached
  for (std::size_t i = 0;; ++i) {
    const std::size_t index = indices[i];
    const bool last = i + 1 == indices.size();
    const auto since = Deadline::clock::now();
    try {
      Response response = nodes_[index].transport->send(request);
      mark_alive(index);
      if (last || !is_worth_another(request, response)) return response;
      if (request.effect != Effect::read) busy = std::move(response);
      continue;
    } catch (const ConnectionLost& error) {
      mark_dead(index);
      if (!last && error.is_retryable()) continue;
      if (!busy) throw;
    } catch (const CommitUnknown&) {
      mark_dead(index);
      throw;
    } catch (const DeadlineExceeded&) {
      // A caller's short deadline says nothing of the node.
      if (Deadline::clock::now() - since >= options_.check_timeout) mark_dead(index);
      if (!busy) throw;
    } catch (...) {
      if (!busy) throw;
    }
    return *std::move(busy);
  }
}

void NodeList::mark_alive(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  if (std::exchange(nodes_[index].alive, true)) return;
  logger_->write(LogLevel::info, "solr", "Solr at " + std::string(nodes_[index].transport->name()) + " answers again");
}

void NodeList::mark_dead(std::size_t index) {
  const std::scoped_lock lock(mutex_);
  Node& node = nodes_[index];
  if (!std::exchange(node.alive, false)) return;
  node.pause = options_.first_pause;
  node.next_check = Deadline::clock::now() + node.pause;
  logger_->write(LogLevel::warning, "solr",
                 "Solr at " + std::string(node.transport->name()) + " does not answer; it is left out");
  if (!watcher_.joinable()) {
    watcher_ = std::jthread([this](const std::stop_token& stop) { watch(stop); });
  }
  changed_.notify_all();
}

bool NodeList::answers(Transport& node) const {
  Request request{.path = "select", .deadline = Deadline::in(options_.check_timeout)};
  request.parameters.add("q", "*:*").add("rows", 0).add("distrib", false).add("wt", "json");
  try {
    return node.send(request).status == 200;
  } catch (...) {  // of a header provider too, which may throw what it likes
    return false;
  }
}

/// Checks the dead when their time has come, outside of the lock.
void NodeList::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    Deadline::clock::time_point next = Deadline::clock::time_point::max();
    std::size_t due = nodes_.size();
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].alive || nodes_[i].next_check >= next) continue;
      next = nodes_[i].next_check;
      due = i;
    }
    if (due == nodes_.size()) {
      changed_.wait(lock, stop, [&] { return !std::ranges::all_of(nodes_, &Node::alive); });
      continue;
    }
    if (Deadline::clock::now() < next) {
      changed_.wait_until(lock, stop, next, [] { return false; });
      if (Deadline::clock::now() < next) continue;
    }
    Node& node = nodes_[due];
    node.pause = std::min(node.pause * 2, options_.longest_pause);
    node.next_check = Deadline::clock::now() + node.pause;
    lock.unlock();
    if (answers(*node.transport)) mark_alive(due);
    lock.lock();
  }
}

}  // namespace core_lib::solr
