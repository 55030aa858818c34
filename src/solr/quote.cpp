// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/quote.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib::solr {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string escape_query(std::string_view text) {
  constexpr std::string_view special = "\\+-!():^[]\"{}~*?|&;/=<>";
  std::string out;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos || static_cast<unsigned char>(c) <= ' ') out += '\\';
    out += c;
  }
  // A word is no operator once one of its letters is escaped.
  if (text == "AND" || text == "OR" || text == "NOT" || text == "TO") out.insert(out.begin(), '\\');
  return out;
}

std::string phrase(std::string_view text) { return quoted(text, '"'); }

std::string local_parameter(std::string_view text) { return quoted(text, '\''); }

std::string_view checked_field(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  };
  if (name.empty() || !std::ranges::all_of(name, is_plain)) {
    throw UsageError("the name of a field consists of letters, digits, '_', '-' and '.'");
  }
  return name;
}

}  // namespace core_lib::solr
