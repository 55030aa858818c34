// SPDX-License-Identifier: Apache-2.0
#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

const Node Tree::missing{};

Tree::Tree()
    : memory_([] {
        thread_local std::shared_ptr<Memory> last;
        if (last == nullptr || !last->is_free.exchange(false, std::memory_order_acquire)) {
          last = std::make_shared<Memory>();
        }
        return last;
      }()),
      nodes_(memory_->nodes) {}

Tree::~Tree() {
  constexpr std::size_t most = std::size_t{4} << 20U;
  nodes_.clear();
  if (nodes_.capacity() > most / sizeof(Node) || memory_->longest > most) {
    nodes_.shrink_to_fit();
    memory_->document.reset();
    memory_->longest = 0;
  }
  memory_->is_free.store(true, std::memory_order_release);
}

}  // namespace core_lib::solr::detail
