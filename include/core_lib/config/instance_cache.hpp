// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

namespace core_lib {

namespace config {
struct Build;
}

/// Keeps the one instance that all nodes with the same `_instance_key_` share, for as long as it lives.
///
/// Nodes that share a key must say the same; the first one builds, the others wait for it. A failed build leaves
/// nothing behind, so that the next one tries again. Thread safety: any thread.
class InstanceCache {
 public:
  InstanceCache();

 private:
  friend struct config::Build;
  class State;
  std::shared_ptr<State> state_;
};

}  // namespace core_lib
