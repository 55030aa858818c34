// SPDX-License-Identifier: Apache-2.0
#include "neo4j/bolt/chunks.hpp"

#include <cstdint>
#include <cstring>

#include "neo4j/packstream/packer.hpp"
#include "neo4j/packstream/unpacker.hpp"

namespace core_lib::neo4j::bolt {
namespace {

constexpr std::size_t header_size = 2;
constexpr std::size_t most_in_chunk = 0xFFFF;
constexpr std::size_t first_room = std::size_t{64} * 1024;

void store_header(std::byte* place, std::size_t size) {
  packstream::store_big_endian(place, static_cast<std::uint16_t>(size));
}

}  // namespace

void Outbox::begin() {
  start_ = bytes_.size();
  (void)bytes_.grow(header_size);
}

void Outbox::end() {
  const std::size_t size = bytes_.size() - start_ - header_size;
  if (size > most_in_chunk) {
    split(size);
  } else {
    store_header(bytes_.data() + start_, size);
  }
  store_header(bytes_.grow(header_size), 0);
}

/// Moves the chunks apart, the last one first, to make room for their headers.
void Outbox::split(std::size_t size) {
  const std::size_t chunks = (size + most_in_chunk - 1) / most_in_chunk;
  (void)bytes_.grow((chunks - 1) * header_size);
  std::byte* const content = bytes_.data() + start_ + header_size;
  for (std::size_t i = chunks; i-- > 0;) {
    const std::size_t offset = i * most_in_chunk;
    const std::size_t length = std::min(size - offset, most_in_chunk);
    std::memmove(content + offset + i * header_size, content + offset, length);
    store_header(content + offset + i * header_size - header_size, length);
  }
}

std::size_t Inbox::chunk_size(std::size_t at) const noexcept {
  return packstream::load_big_endian<std::uint16_t>(bytes_.data() + at);
}

std::optional<std::span<const std::byte>> Inbox::next() {
  while (filled_ - next_ >= header_size) {
    const std::size_t size = chunk_size(next_);
    const std::size_t content = next_ + header_size;
    if (size == 0) {
      const std::span<const std::byte> message(bytes_.data() + message_, whole_ - message_);
      next_ = message_ = whole_ = content;
      if (!message.empty()) return message;
      continue;  // the server only says that it is alive
    }
    if (filled_ - content < size) return std::nullopt;
    if (message_ == whole_) {
      message_ = content;
      whole_ = content + size;
    } else {
      std::memmove(bytes_.data() + whole_, bytes_.data() + content, size);
      whole_ += size;
      if (whole_ - message_ > most_in_message_) packstream::throw_protocol_error("a message has more than 1 GiB");
    }
    next_ = content + size;
  }
  return std::nullopt;
}

std::span<std::byte> Inbox::space() {
  if (message_ == whole_ && next_ == filled_) filled_ = message_ = whole_ = next_ = 0;
  if (bytes_.size() - filled_ < first_room / 4) make_room();
  return {bytes_.data() + filled_, bytes_.size() - filled_};
}

/// Moves what is left to the start; where that is much, there is a large message under way and the room is doubled.
void Inbox::make_room() {
  const std::size_t gap = next_ - whole_;  // headers of chunks that were put together
  const std::size_t kept = filled_ - message_ - gap;
  if (bytes_.size() > 0) {
    std::memmove(bytes_.data() + whole_, bytes_.data() + next_, filled_ - next_);
    std::memmove(bytes_.data(), bytes_.data() + message_, kept);
  }
  whole_ -= message_;
  next_ = whole_;
  message_ = 0;
  filled_ = kept;
  if (bytes_.size() < first_room) {
    (void)bytes_.grow(first_room - bytes_.size());
  } else if (bytes_.size() - filled_ < bytes_.size() / 2) {
    (void)bytes_.grow(bytes_.size());
  }
}

}  // namespace core_lib::neo4j::bolt
