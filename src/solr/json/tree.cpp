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
      first_(memory_->nodes.data()),
      next_(first_),
      end_(first_ + memory_->nodes.size()) {}

void Tree::make_room(std::size_t nodes) {
  std::vector<Node>& room = memory_->nodes;
  const std::size_t used = count();
  if (nodes > room.size()) room.resize(nodes);
  first_ = room.data();
  next_ = first_ + used;
  end_ = first_ + room.size();
}

Tree::~Tree() {
  constexpr std::size_t most = std::size_t{4} << 20U;
  if (memory_->nodes.size() > most / sizeof(Node) || memory_->longest > most) {
    std::vector<Node>().swap(memory_->nodes);
    memory_->document.reset();
    memory_->longest = 0;
  }
  memory_->is_free.store(true, std::memory_order_release);
}

}  // namespace core_lib::solr::detail
