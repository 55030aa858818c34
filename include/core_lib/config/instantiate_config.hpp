// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <type_traits>
#include <typeindex>

#include "core_lib/config/builtin_targets.hpp"
#include "core_lib/config/config.hpp"
#include "core_lib/config/instance_cache.hpp"
#include "core_lib/config/target_registry.hpp"

namespace core_lib {

/// How instantiate_config() works.
struct InstantiateOptions {
  /// Where instances of nodes with an `_instance_key_` are shared; without it each node builds its own.
  InstanceCache* instances = nullptr;
  /// Whether null and `{}` are an error; else they give a null pointer.
  bool required = true;
};

namespace config {

/// Builds the object of a node and converts it to the wanted type; null only where nothing is required.
[[nodiscard]] std::shared_ptr<void> instantiate(const Config& node, std::type_index type, const TargetFactory* fallback,
                                                const TargetRegistry& targets, const InstantiateOptions& options);

/// How T is built where no target gives it: from a Config, or not at all.
template <class T>
[[nodiscard]] const TargetFactory* constructor_of() {
  if constexpr (std::is_constructible_v<T, const Config&>) {
    static const ConstructorFactory<T> factory;
    return &factory;
  } else {
    return nullptr;
  }
}

}  // namespace config

/// Builds what a node describes. Three shapes are the same: `{_target_: name, config: {url: ...}}`,
/// `{_target_: name, url: ...}`, and `{url: ...}` where T itself tells what to build.
///
/// Errors: ConfigError with path, position, target and cause; the cause's status and retryability are kept.
template <class T>
[[nodiscard]] std::shared_ptr<T> instantiate_config(const Config& node,
                                                    const TargetRegistry& targets = builtin_targets(),
                                                    const InstantiateOptions& options = {}) {
  return std::static_pointer_cast<T>(
      config::instantiate(node, typeid(T), config::constructor_of<T>(), targets, options));
}

template <class T>
std::shared_ptr<T> TargetArguments::object(std::string_view path) const {
  return std::static_pointer_cast<T>(build(path, typeid(T), config::constructor_of<T>()));
}

}  // namespace core_lib
