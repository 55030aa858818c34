// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/instance_cache.hpp"

#include <utility>

#include "config/access.hpp"
#include "config/build.hpp"
#include "config/evaluator.hpp"

namespace core_lib {
namespace {

constexpr std::size_t max_compared_nodes = 100'000;

bool counts(const std::string& key) { return key != "_target_" && key != "_instance_key_"; }

// Interpolations may lead back to a parent, so that the walk needs an end.
class Comparison {
 public:
  bool equal(const Config& left_declared, const Config& right_declared, std::size_t depth) {
    if (depth > config::max_depth || ++compared_ > max_compared_nodes) {
      left_declared.fail("too large to compare for _instance_key_; does it contain itself?");
    }
    const Config left = config::Evaluator().resolve(left_declared);
    const Config right = config::Evaluator().resolve(right_declared);
    const config::Node& a = config::Access::node(left);
    const config::Node& b = config::Access::node(right);
    if (&a == &b) return true;
    if (a.kind != b.kind || a.text != b.text) return false;
    if (a.kind == config::Kind::list) return equal_lists(left, right, depth);
    return a.kind != config::Kind::map || equal_maps(left, right, depth);
  }

 private:
  bool equal_lists(const Config& left, const Config& right, std::size_t depth) {
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!equal(left[i], right[i], depth + 1)) return false;
    }
    return true;
  }

  bool equal_maps(const Config& left, const Config& right, std::size_t depth) {
    for (const Config& entry : left) {
      if (!counts(entry.key())) continue;
      const Config other = child(right, entry.key());
      if (!config::Access::present(other) || !equal(entry, other, depth + 1)) return false;
    }
    for (const Config& entry : right) {
      if (counts(entry.key()) && !config::Access::present(child(left, entry.key()))) return false;
    }
    return true;
  }

  static Config child(const Config& map, const std::string& key) {
    return config::Access::handle(config::Access::tree(map), config::Access::node(map).find(key));
  }

  std::size_t compared_ = 0;
};

}  // namespace

namespace config {

bool same_configuration(const Config& left, const Config& right) { return Comparison().equal(left, right, 0); }

}  // namespace config

InstanceCache::InstanceCache() : state_(std::make_shared<State>()) {}

// The entry to compare with, or nothing where this caller is the one to build.
std::optional<InstanceCache::State::Entry> InstanceCache::State::claim(const std::string& key, const Config& node,
                                                                       const config::TargetFactory& factory) {
  const std::lock_guard lock(mutex_);
  const auto [entry, is_new] = entries_.try_emplace(key, Entry{node, &factory, std::this_thread::get_id(), nullptr});
  if (is_new) return std::nullopt;
  return entry->second;
}

void InstanceCache::State::settle(const std::string& key, std::shared_ptr<void> object) {
  {
    const std::lock_guard lock(mutex_);
    if (object == nullptr) {
      entries_.erase(key);
    } else {
      entries_.at(key).object = std::move(object);
    }
  }
  settled_.notify_all();
}

void InstanceCache::State::wait(const std::string& key, const Config& node) {
  std::unique_lock lock(mutex_);
  const auto is_settled = [&] {
    const auto found = entries_.find(key);
    return found == entries_.end() || found->second.object != nullptr;
  };
  // Nodes that refer to each other would make two threads wait for each other.
  const auto self = std::this_thread::get_id();
  for (std::string next = key; !is_settled();) {
    const auto entry = entries_.find(next);
    if (entry == entries_.end()) break;
    if (entry->second.builder == self) node.fail("the _instance_key_ '" + key + "' needs itself");
    const auto waits = waiting_.find(entry->second.builder);
    if (waits == waiting_.end()) break;
    next = waits->second;
  }
  waiting_[self] = key;
  settled_.wait(lock, is_settled);
  waiting_.erase(self);
}

std::shared_ptr<void> InstanceCache::State::get(const std::string& key, const Config& node,
                                                const config::TargetFactory& factory, const Function& build) {
  while (const auto entry = claim(key, node, factory)) {
    if (entry->factory != &factory || !config::same_configuration(entry->node, node)) {
      node.fail("the _instance_key_ '" + key + "' belongs to " + config::describe(config::Access::node(entry->node)) +
                ", which says something else; nodes that share a key must be equal");
    }
    if (entry->object != nullptr) return entry->object;
    wait(key, node);
  }
  try {
    std::shared_ptr<void> object = build();
    settle(key, object);
    return object;
  } catch (...) {
    settle(key, nullptr);
    throw;
  }
}

}  // namespace core_lib
