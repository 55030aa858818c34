// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>

#include "core_lib/config/config.hpp"

namespace core_lib {

class InstanceCache;
class TargetRegistry;

namespace config {
class TargetFactory;
struct Build;
}  // namespace config

/// What a `_target_` node gives to the factory of its target.
///
/// An argument counts as known once the factory asked for it; a node with others is refused, with near names.
/// Lifetime: lives for the call of the factory; the Config handles taken from it live on.
/// Errors: ConfigError, like Config.
class TargetArguments {
 public:
  TargetArguments(const TargetArguments&) = delete;
  TargetArguments& operator=(const TargetArguments&) = delete;

  /// An argument as configuration. "config" falls back to the node itself, so that `{_target_: x, config: {url: ...}}`,
  /// `{_target_: x, url: ...}` and, where the type is asked for in code, `{url: ...}` all work.
  [[nodiscard]] Config config(std::string_view name = "config") const;
  /// An argument as an object: the node under this name (or dotted path) is built as T, once, before it is returned.
  /// Errors: also where `_recursive_` is false, since then nested nodes stay configuration.
  template <class T>
  [[nodiscard]] std::shared_ptr<T> object(std::string_view path) const;
  /// An argument as a value.
  template <class T>
  [[nodiscard]] T get(std::string_view name) const {
    return value(name).template as<T>();
  }
  /// An argument as a value, or the fallback where it is absent, null or `???`.
  template <class T>
  [[nodiscard]] T get(std::string_view name, std::type_identity_t<T> fallback) const {
    know(name);
    return node_.get<T>(name, std::move(fallback));
  }
  /// True where the argument is there and is not `???`; null counts.
  [[nodiscard]] bool contains(std::string_view name) const;
  /// The node with the `_target_`.
  [[nodiscard]] const Config& node() const noexcept { return node_; }

  /// What a constructor that takes a Config receives: `config`, else `conf`, else the node itself.
  [[nodiscard]] Config whole_config() const;

 private:
  friend struct config::Build;
  struct State;
  TargetArguments(Config node, State& state) : node_(std::move(node)), state_(state) {}
  ~TargetArguments() = default;

  [[nodiscard]] Config value(std::string_view name) const;
  void know(std::string_view path) const;
  [[nodiscard]] std::shared_ptr<void> build(std::string_view path, std::type_index type,
                                            const config::TargetFactory* fallback) const;

  Config node_;
  State& state_;
};

}  // namespace core_lib
