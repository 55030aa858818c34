// SPDX-License-Identifier: Apache-2.0
#include "translations.hpp"

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>

#include <core_lib/error/error.hpp>

namespace {

std::uint32_t number_at(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  if (at + sizeof number > bytes.size()) throw core_lib::Error("a file of translations is cut short");
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

/// A table has the length and the place of each text.
std::string text_at(const std::string& bytes, std::size_t table, std::size_t index) {
  const std::size_t size = number_at(bytes, table + 8 * index);
  const std::size_t start = number_at(bytes, table + 8 * index + 4);
  if (start > bytes.size() || size > bytes.size() - start) throw core_lib::Error("a file of translations is cut short");
  return bytes.substr(start, size);
}

}  // namespace

Translations::Translations(const std::string& locales, const std::string& language, const std::string& domain) {
  constexpr std::uint32_t magic = 0x950412de;
  std::ifstream file(locales + "/" + language + "/LC_MESSAGES/" + domain + ".mo", std::ios::binary);
  if (!file) return;
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (number_at(bytes, 0) != magic)
    throw core_lib::Error("the translations to " + language + " are not in gettext's form");
  const std::size_t count = number_at(bytes, 8);
  const std::size_t originals = number_at(bytes, 12);
  const std::size_t translated = number_at(bytes, 16);
  for (std::size_t i = 0; i < count; ++i) texts_.emplace(text_at(bytes, originals, i), text_at(bytes, translated, i));
}

std::optional<std::string> Translations::find(const std::string& text) const {
  const auto found = texts_.find(text);
  if (found == texts_.end() || found->second.empty()) return std::nullopt;
  return found->second;
}
