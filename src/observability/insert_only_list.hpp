// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>

namespace core_lib::observability {

/// What makes a lock-free list of an atomic pointer to its newest node: nodes have a `next` and are never taken out.
///
/// Returns the node that `is_it` recognises, or adds what `make` returns as a std::unique_ptr.
template <class Node, class IsIt, class Make>
Node& find_or_add(std::atomic<Node*>& newest, IsIt is_it, Make make) {
  Node* seen = newest.load(std::memory_order_acquire);
  for (Node* node = seen; node != nullptr; node = node->next) {
    if (is_it(*node)) return *node;
  }
  std::unique_ptr<Node> added = make();
  added->next = seen;
  while (!newest.compare_exchange_weak(added->next, added.get(), std::memory_order_acq_rel)) {
    // Others came meanwhile, perhaps with the very same.
    for (Node* node = added->next; node != seen; node = node->next) {
      if (is_it(*node)) return *node;
    }
    seen = added->next;
  }
  return *added.release();
}

/// Ends all nodes; nobody may use the list any more.
template <class Node>
void destroy_all(std::atomic<Node*>& newest) noexcept {
  for (std::unique_ptr<Node> node(newest.exchange(nullptr)); node; node.reset(node->next)) {
  }
}

}  // namespace core_lib::observability
