// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <vector>

#include "core_lib/config/target_arguments.hpp"

namespace core_lib {

namespace config {

/// Builds one kind of object, without its type.
class TargetFactory {
 public:
  virtual ~TargetFactory() = default;
  [[nodiscard]] virtual std::shared_ptr<void> build(TargetArguments& arguments) const = 0;
};

template <class T, class Function>
class FunctionFactory final : public TargetFactory {
 public:
  explicit FunctionFactory(Function function) : function_(std::move(function)) {}
  std::shared_ptr<void> build(TargetArguments& arguments) const override {
    return std::shared_ptr<T>(function_(std::as_const(arguments)));
  }

 private:
  Function function_;
};

template <class T>
class ConstructorFactory final : public TargetFactory {
 public:
  std::shared_ptr<void> build(TargetArguments& arguments) const override {
    return std::make_shared<T>(arguments.whole_config());
  }
};

using Upcast = std::shared_ptr<void> (*)(const std::shared_ptr<void>&);

/// What is known about one target.
struct Target {
  std::vector<std::string> names;
  std::type_index type;
  std::shared_ptr<const TargetFactory> factory;
  /// A type that an object of this target can stand for.
  struct Base {
    std::type_index type;
    Upcast cast;
  };
  std::vector<Base> bases;
};

}  // namespace config

/// The list of what configuration may build: only a registered `_target_` can be named.
///
/// An ordinary object: copy it, add to the copy, pass it to instantiate_config(). Copies share the factories.
/// Thread safety: like a standard container; factories are called from any thread.
class TargetRegistry {
 public:
  /// Lets as() follow add().
  template <class T>
  class Added {
   public:
    /// Makes the target usable where a `Base` is asked for.
    template <class Base>
      requires std::is_base_of_v<Base, T>
    Added& as() {
      registry_.add_base(index_, typeid(Base), [](const std::shared_ptr<void>& object) -> std::shared_ptr<void> {
        return std::shared_ptr<Base>(std::static_pointer_cast<T>(object));
      });
      return *this;
    }

   private:
    friend class TargetRegistry;
    Added(TargetRegistry& registry, std::size_t index) : registry_(registry), index_(index) {}
    TargetRegistry& registry_;
    std::size_t index_;
  };

  /// Registers T, which is constructed from one `const Config&`, under a name and aliases.
  /// Errors: UsageError where a name is taken.
  template <class T>
    requires std::is_constructible_v<T, const Config&>
  Added<T> add(std::initializer_list<std::string_view> names) {
    return {*this, add_target(names, typeid(T), std::make_shared<config::ConstructorFactory<T>>())};
  }
  /// Registers T, which `factory(const TargetArguments&)` returns as std::shared_ptr or std::unique_ptr.
  template <class T, class Factory>
    requires std::is_invocable_v<const Factory&, const TargetArguments&>
  Added<T> add(std::initializer_list<std::string_view> names, Factory factory) {
    return {*this,
            add_target(names, typeid(T), std::make_shared<config::FunctionFactory<T, Factory>>(std::move(factory)))};
  }

  /// The target of that name, or null.
  [[nodiscard]] const config::Target* find(std::string_view name) const noexcept;
  /// Every target that gives this type itself, not a derived one.
  [[nodiscard]] std::vector<const config::Target*> find(std::type_index type) const;
  /// Every target that can stand for this type.
  [[nodiscard]] std::vector<const config::Target*> find_convertible(std::type_index type) const;
  /// All names in the order they were added.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::size_t add_target(std::initializer_list<std::string_view> names, std::type_index type,
                         std::shared_ptr<const config::TargetFactory> factory);
  void add_base(std::size_t index, std::type_index type, config::Upcast cast);

  std::vector<config::Target> targets_;
};

}  // namespace core_lib
