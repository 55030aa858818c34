// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "neo4j/packstream/buffer.hpp"

namespace core_lib::neo4j::bolt {

/// Messages on their way out, each cut into chunks. They gather here until they are sent in one write.
class Outbox {
 public:
  /// Where the content of a message is packed, between begin() and end() or cancel().
  [[nodiscard]] packstream::Buffer& buffer() noexcept { return bytes_; }
  void begin();
  void end();
  /// Drops the message that was begun.
  void cancel() noexcept { bytes_.resize_within(start_); }

  [[nodiscard]] std::span<const std::byte> view() const noexcept { return bytes_.view(); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.size() == 0; }
  void clear() noexcept { bytes_.clear(); }

 private:
  void split(std::size_t size);

  packstream::Buffer bytes_;
  std::size_t start_ = 0;
};

/// Bytes from the server, put together to messages in the place where they were read.
/// Errors: Error, which breaks the connection, for a message that is too long.
class Inbox {
 public:
  static constexpr std::size_t one_gibibyte = std::size_t{1} << 30U;
  /// @param most_in_message  bytes
  explicit Inbox(std::size_t most_in_message = one_gibibyte) noexcept : most_in_message_(most_in_message) {}

  /// Where to read the next bytes to.
  [[nodiscard]] std::span<std::byte> space();
  /// Says that `count` bytes were read there.
  void received(std::size_t count) noexcept { filled_ += count; }
  /// The next whole message, if it is there. Valid until the next call of anything here.
  [[nodiscard]] std::optional<std::span<const std::byte>> next();

 private:
  [[nodiscard]] std::size_t chunk_size(std::size_t at) const noexcept;
  void make_room();

  std::size_t most_in_message_;
  packstream::Buffer bytes_;  // its size is the room; `filled_` tells what is read
  std::size_t filled_ = 0;
  std::size_t message_ = 0;  // where the message under way starts
  std::size_t whole_ = 0;    // and ends, so far: chunks before this lie side by side
  std::size_t next_ = 0;     // where the next chunk's header is
};

}  // namespace core_lib::neo4j::bolt
