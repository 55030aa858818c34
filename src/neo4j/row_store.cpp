// SPDX-License-Identifier: Apache-2.0
#include "neo4j/row_store.hpp"

#include <algorithm>

namespace core_lib::neo4j {
namespace {

constexpr std::size_t first_block = 512;
constexpr std::size_t block_size = std::size_t{64} * 1024;

}  // namespace

RowStore::Block& RowStore::block_for(std::size_t size) {
  if (!blocks_.empty()) {
    Block& last = *blocks_.back();
    if (last.bytes.capacity() - last.bytes.size() >= size) return last;
  }
  if (spare_ != nullptr && spare_.use_count() == 1 && spare_->bytes.capacity() >= size) {
    spare_->bytes.clear();
    spare_->sizes.clear();
    spare_->next = spare_->next_byte = 0;
    return *blocks_.emplace_back(std::move(spare_));
  }
  const std::size_t wanted = blocks_.empty() && spare_ == nullptr ? first_block : block_size;
  return *blocks_.emplace_back(std::make_shared<Block>(std::max(wanted, size)));
}

void RowStore::push(std::span<const std::byte> bytes) {
  Block& block = block_for(bytes.size());
  block.bytes.append(bytes);
  block.sizes.push_back(static_cast<std::uint32_t>(bytes.size()));
  ++count_;
}

/// The block whose rows were all read goes when the next one is asked for: what pop() returned points into it.
void RowStore::drop_read_blocks() {
  while (blocks_.front()->next == blocks_.front()->sizes.size()) {
    row_.block.reset();
    spare_ = std::move(blocks_.front());
    blocks_.pop_front();
  }
}

const detail::Row& RowStore::front() {
  drop_read_blocks();
  const std::shared_ptr<Block>& block = blocks_.front();
  if (row_.block != block) row_.block = block;
  row_.data = block->bytes.data() + block->next_byte;
  row_.size = block->sizes[block->next];
  return row_;
}

const detail::Row& RowStore::pop() {
  const detail::Row& row = front();
  Block& block = *blocks_.front();
  ++block.next;
  block.next_byte += row.size;
  --count_;
  return row;
}

void RowStore::clear() noexcept {
  blocks_.clear();
  spare_.reset();
  row_.block.reset();
  count_ = 0;
}

}  // namespace core_lib::neo4j
