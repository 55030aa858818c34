// SPDX-License-Identifier: Apache-2.0
#include "config/utf8.hpp"

#include <cstdint>

#include "core_lib/error/error.hpp"

namespace core_lib::config {
namespace {

struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;  // 0: not UTF-8
};

Character decode(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return {};
  std::uint32_t code = first & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return {};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  constexpr std::uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[length] || code > 0x10FFFF || surrogate) return {};
  return {code, length};
}

bool is_printable(std::uint32_t code) {
  return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0x7E) || code == 0x85 ||
         (code >= 0xA0 && code <= 0xFFFD && code != 0xFEFF) || code >= 0x10000;
}

}  // namespace

void check_text(std::string_view text, const std::string& name) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  std::size_t line = 1;
  std::size_t column = 1;
  while (!text.empty()) {
    const Character character = decode(text);
    if (character.length == 0 || !is_printable(character.code)) {
      const std::string where = name + ':' + std::to_string(line) + ':' + std::to_string(column);
      if (character.length == 0) throw ConfigError(where + ": not valid UTF-8");
      throw ConfigError(where + (character.code == 0 ? ": NUL is not allowed in YAML"
                                                     : ": this control character is not allowed in YAML"));
    }
    ++column;
    if (character.code == '\n') {
      ++line;
      column = 1;
    }
    text.remove_prefix(character.length);
  }
}

}  // namespace core_lib::config
