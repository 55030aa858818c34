// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib {

/// Hands out a `Value` on request. What it hands out, and whether twice the same, is the business of the class that
/// extends it.
template <class Value, class... Args>
class Registry {
 public:
  Registry() = default;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;
  virtual ~Registry() = default;

  /// The value for these arguments. `Value` need not be movable: it is built where the caller wants it.
  [[nodiscard]] virtual Value get(Args... args) = 0;
};

}  // namespace core_lib
