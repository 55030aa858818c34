// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <typeindex>
#include <unordered_map>
#include <vector>

#include "core_lib/config/instantiate_config.hpp"

namespace core_lib {

/// What one build of one node remembers.
struct TargetArguments::State {
  struct Built {
    const config::Node* node;
    std::type_index type;
    std::shared_ptr<void> object;
  };
  const TargetRegistry& targets;
  const InstantiateOptions& options;
  bool recursive = true;
  bool takes_whole_node = false;
  std::vector<std::string> known{};
  std::vector<Built> built{};
};

/// The shared instances of a cache.
class InstanceCache::State {
 public:
  using Function = std::function<std::shared_ptr<void>()>;

  /// The instance of a key, built by the first caller.
  /// Errors: ConfigError where the key belongs to a node that says something else, and what `build` throws.
  [[nodiscard]] std::shared_ptr<void> get(const std::string& key, const Config& node,
                                          const config::TargetFactory& factory, const Function& build);

 private:
  struct Entry {
    Config node;
    const config::TargetFactory* factory;
    std::thread::id builder;
    std::shared_ptr<void> object;  // null while it is being built
  };
  [[nodiscard]] std::optional<Entry> claim(const std::string& key, const Config& node,
                                           const config::TargetFactory& factory);
  void wait(const std::string& key, const Config& node);
  void settle(const std::string& key, std::shared_ptr<void> object);

  std::mutex mutex_;
  std::condition_variable settled_;
  std::unordered_map<std::string, Entry> entries_;
  std::unordered_map<std::thread::id, std::string> waiting_;  // thread -> the key it waits for
};

namespace config {

/// Reaches the private parts of what takes part in a build.
struct Build {
  using State = TargetArguments::State;

  [[nodiscard]] static std::shared_ptr<void> run(const Config& node, const TargetFactory& factory, State& state) {
    TargetArguments arguments(node, state);
    return factory.build(arguments);
  }
  [[nodiscard]] static std::shared_ptr<void> shared(InstanceCache& cache, const std::string& key, const Config& node,
                                                    const TargetFactory& factory,
                                                    const std::function<std::shared_ptr<void>()>& build) {
    return cache.state_->get(key, node, factory, build);
  }
};

/// True where two nodes say the same once everything is resolved; `_target_` and `_instance_key_` do not count.
[[nodiscard]] bool same_configuration(const Config& left, const Config& right);

}  // namespace config
}  // namespace core_lib
