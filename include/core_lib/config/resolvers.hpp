// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core_lib {

/// What `${name:argument,...}` may call beside `oc.env`, `oc.decode` and `oc.select`.
///
/// A resolver of the same name replaces a built-in one: give `oc.env` a function of your own to keep configuration away
/// from the environment. Configurations share what they were loaded with; later additions do not reach them.
class Resolvers {
 public:
  /// Takes the arguments as text and gives text, which reads as a number or a bool where that is asked for.
  /// Called at every read, from any thread; what it throws reaches the reader inside a ConfigError.
  using Function = std::function<std::string(const std::vector<std::string>& arguments)>;

  /// Adds or replaces a resolver. Names are letters, digits, `_` and `-`, in parts joined by dots.
  Resolvers& add(std::string name, Function function);

  /// The resolver of that name, or null.
  [[nodiscard]] const Function* find(std::string_view name) const noexcept;
  /// All names, sorted.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  struct Entry {
    std::string name;
    Function function;
  };
  std::vector<Entry> entries_;
};

}  // namespace core_lib
