// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/target_registry.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib {

std::size_t TargetRegistry::add_target(std::initializer_list<std::string_view> names, std::type_index type,
                                       std::shared_ptr<const config::TargetFactory> factory) {
  config::Target target{{}, type, std::move(factory), {}};
  for (const std::string_view name : names) {
    const bool repeated = std::find(target.names.begin(), target.names.end(), name) != target.names.end();
    if (name.empty() || repeated || find(name) != nullptr) {
      throw UsageError("a target needs a name of its own, '" + std::string(name) + "' is " +
                       (name.empty() ? "empty" : "registered already"));
    }
    target.names.emplace_back(name);
  }
  targets_.push_back(std::move(target));
  return targets_.size() - 1;
}

void TargetRegistry::add_base(std::size_t index, std::type_index type, config::Upcast cast) {
  targets_[index].bases.push_back({type, cast});
}

const config::Target* TargetRegistry::find(std::string_view name) const noexcept {
  for (const config::Target& target : targets_) {
    if (std::find(target.names.begin(), target.names.end(), name) != target.names.end()) return &target;
  }
  return nullptr;
}

std::vector<const config::Target*> TargetRegistry::find(std::type_index type) const {
  std::vector<const config::Target*> found;
  for (const config::Target& target : targets_) {
    if (target.type == type) found.push_back(&target);
  }
  return found;
}

std::vector<const config::Target*> TargetRegistry::find_convertible(std::type_index type) const {
  std::vector<const config::Target*> found;
  for (const config::Target& target : targets_) {
    const bool is_base = std::any_of(target.bases.begin(), target.bases.end(),
                                     [&](const config::Target::Base& base) { return base.type == type; });
    if (target.type == type || is_base) found.push_back(&target);
  }
  return found;
}

std::vector<std::string> TargetRegistry::names() const {
  std::vector<std::string> names;
  for (const config::Target& target : targets_) names.insert(names.end(), target.names.begin(), target.names.end());
  return names;
}

}  // namespace core_lib
