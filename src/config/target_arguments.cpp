// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/target_arguments.hpp"

#include <algorithm>

#include "config/access.hpp"
#include "config/build.hpp"
#include "config/evaluator.hpp"
#include "config/path.hpp"

namespace core_lib {

void TargetArguments::know(std::string_view path) const {
  std::string name = config::split_path(path).front();
  if (std::find(state_.known.begin(), state_.known.end(), name) == state_.known.end()) {
    state_.known.push_back(std::move(name));
  }
}

Config TargetArguments::value(std::string_view name) const {
  know(name);
  return node_.at(name);
}

Config TargetArguments::config(std::string_view name) const {
  know(name);
  const Config argument = config::Access::find(node_, name);
  if (config::Access::present(argument)) return argument;
  if (name != "config") return node_.at(name);
  state_.takes_whole_node = true;
  return node_;
}

Config TargetArguments::whole_config() const {
  return contains("config") || !contains("conf") ? config() : config("conf");
}

bool TargetArguments::contains(std::string_view name) const {
  know(name);
  return node_.contains(name);
}

std::shared_ptr<void> TargetArguments::build(std::string_view path, std::type_index type,
                                             const config::TargetFactory* fallback) const {
  const Config argument = value(path);
  if (!state_.recursive) argument.fail("this node stays configuration, since its target says _recursive_: false");
  const config::Node* node = &config::Access::node(argument);
  for (const State::Built& built : state_.built) {
    if (built.node == node && built.type == type) return built.object;
  }
  auto object = config::instantiate(argument, type, fallback, state_.targets, state_.options);
  state_.built.push_back({node, type, object});
  return object;
}

}  // namespace core_lib
