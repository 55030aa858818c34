// SPDX-License-Identifier: Apache-2.0
#include "neo4j/packstream/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace core_lib::neo4j::packstream {
namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80; }

/// The bytes of the character that `text` starts with, 0 where it starts with none.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return 1;
  const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : size;
}

/// How many bytes at the start are ASCII, eight at a time.
std::size_t ascii_prefix(std::string_view text) noexcept {
  std::size_t i = 0;
  for (std::uint64_t block; i + sizeof block <= text.size(); i += sizeof block) {
    std::memcpy(&block, text.data() + i, sizeof block);
    if ((block & 0x8080808080808080U) != 0) break;
  }
  return i;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
  for (text.remove_prefix(ascii_prefix(text)); !text.empty();) {
    const std::size_t size = character_size(text);
    if (size == 0) return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string repaired_utf8(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    repaired += size == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return repaired;
}

}  // namespace core_lib::neo4j::packstream
