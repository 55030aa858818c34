// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/quote.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib::solr {
namespace {

std::string quoted(std::string_view text, char quote, std::string_view backslash) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += '\\';
    out += c == '\\' ? backslash : std::string_view(&c, 1);
  }
  return out + quote;
}

/// A blank to the query language, beside those of ASCII.
constexpr std::string_view ideographic_space = "\u3000";

}  // namespace

std::string escape_query(std::string_view text) {
  constexpr std::string_view special = "\\+-!():^[]\"{}~*?|&;/=<>";
  if (text.empty()) return "\"\"";
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_blank = static_cast<unsigned char>(c) <= ' ' || text.substr(at).starts_with(ideographic_space);
    if (is_blank || special.find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  // A word is no operator once one of its letters is escaped.
  if (text == "AND" || text == "OR" || text == "NOT" || text == "TO") out.insert(out.begin(), '\\');
  return out;
}

// Within a range the language has no backslash for a backslash: a last one would take the quote along.
std::string phrase(std::string_view text) { return quoted(text, '"', "\\u005c"); }

std::string local_parameter(std::string_view text) { return quoted(text, '\'', "\\\\"); }

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
