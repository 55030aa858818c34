// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/parameters.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace core_lib::solr {
namespace {

constexpr bool is_plain(unsigned char byte) noexcept {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '-' ||
         byte == '.' || byte == '_' || byte == '~';
}

}  // namespace

void append_percent_encoded(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char* const special = std::find_if_not(at, end, is_plain);
    out.append(at, special);
    if (special == end) return;
    const auto byte = static_cast<unsigned char>(*special);
    const char escape[] = {'%', digits[byte >> 4U], digits[byte & 0xFU]};
    out.append(std::begin(escape), std::end(escape));
    at = special + 1;
  }
}

Parameters& Parameters::add(std::string_view name, std::string_view value) {
  if (entries_.empty()) entries_.reserve(8);  // a query has a few, and Client adds five
  entries_.emplace_back(name, value);
  return *this;
}

Parameters& Parameters::add_number(std::string_view name, std::int64_t value) {
  char digits[24];
  return add(name, {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr});
}

Parameters& Parameters::add_number(std::string_view name, double value) {
  char digits[32];
  return add(name, {digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr});
}

Parameters& Parameters::remove(std::string_view name) {
  std::erase_if(entries_, [&](const Entry& entry) { return entry.first == name; });
  return *this;
}

Parameters& Parameters::append(const Parameters& others) {
  for (const auto& [name, value] : others.entries_) add(name, value);
  return *this;
}

std::optional<std::string_view> Parameters::get(std::string_view name) const noexcept {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) { return entry.first == name; });
  if (found == entries_.end()) return std::nullopt;
  return found->second;
}

void Parameters::append_encoded(std::string& out) const {
  std::size_t size = out.size();
  for (const auto& [name, value] : entries_) size += name.size() + value.size() + 2;
  out.reserve(size + size / 2);  // escapes take three bytes
  bool first = true;
  for (const auto& [name, value] : entries_) {
    if (!first) out += '&';
    first = false;
    append_percent_encoded(out, name);
    out += '=';
    append_percent_encoded(out, value);
  }
}

}  // namespace core_lib::solr
