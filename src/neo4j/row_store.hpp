// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "core_lib/neo4j/record.hpp"

#include "neo4j/packstream/buffer.hpp"
#include "neo4j/packstream/format.hpp"

namespace core_lib::neo4j {

[[nodiscard]] constexpr std::uint8_t pack_dialect(packstream::Dialect dialect) noexcept {
  return static_cast<std::uint8_t>((dialect.element_ids ? 1 : 0) | (dialect.utc ? 2 : 0) | (dialect.vectors ? 4 : 0));
}
[[nodiscard]] constexpr packstream::Dialect unpack_dialect(std::uint8_t bits) noexcept {
  return {.element_ids = (bits & 1) != 0, .utc = (bits & 2) != 0, .vectors = (bits & 4) != 0};
}

/// Rows that came and that nobody has read yet, first in first out. They lie close together in blocks, so that a row
/// costs a copy of its bytes and no allocation; a block that nobody looks at any more is used again.
class RowStore {
 public:
  void push(std::span<const std::byte> bytes);
  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  [[nodiscard]] std::size_t size() const noexcept { return count_; }
  void clear() noexcept;
  void set_dialect(packstream::Dialect dialect) noexcept { row_.dialect = pack_dialect(dialect); }

  /// The first row, which stays. @pre not empty(). Lifetime: until the next call of pop(), push() or clear().
  [[nodiscard]] const detail::Row& front();
  /// Takes the first row out. Lifetime of what it returns: until the next call of anything here.
  [[nodiscard]] const detail::Row& pop();

 private:
  /// Its bytes never move: room is made once.
  struct Block {
    explicit Block(std::size_t size) { bytes.reserve(size); }
    packstream::Buffer bytes;
    std::vector<std::uint32_t> sizes;
    std::size_t next = 0;  // of `sizes`
    std::size_t next_byte = 0;
  };

  [[nodiscard]] Block& block_for(std::size_t size);
  void drop_read_blocks();

  std::deque<std::shared_ptr<Block>> blocks_;
  std::shared_ptr<Block> spare_;
  std::size_t count_ = 0;
  detail::Row row_{};
};

}  // namespace core_lib::neo4j
