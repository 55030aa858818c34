// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/json_writer.hpp"

#include <charconv>
#include <cmath>
#include <cstring>
#include <iterator>

#include <simdjson.h>

#include "core_lib/error/error.hpp"

namespace core_lib::solr {
namespace {

constexpr std::uint64_t ones = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// Non-zero where one of eight bytes is a control character, a quote, a backslash or beyond ASCII.
constexpr std::uint64_t special_bytes(std::uint64_t bytes) noexcept {
  const std::uint64_t quote = bytes ^ (ones * '"');
  const std::uint64_t backslash = bytes ^ (ones * '\\');
  return ((bytes - ones * 0x20) | (quote - ones) | (backslash - ones) | bytes) & high_bits;
}

/// How many bytes at the start need no look at all.
std::size_t plain_prefix(std::string_view text) noexcept {
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text.data() + at, 8);
    if (special_bytes(bytes) != 0) break;
  }
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') break;
  }
  return at;
}

void append_escape(std::string& out, unsigned char byte) {
  constexpr char digits[] = "0123456789abcdef";
  out += '\\';
  switch (byte) {
    case '"':
    case '\\':
      out += static_cast<char>(byte);
      return;
    case '\n':
      out += 'n';
      return;
    case '\t':
      out += 't';
      return;
    case '\r':
      out += 'r';
      return;
    default:
      out += "u00";
      out += digits[byte >> 4U];
      out += digits[byte & 0xFU];
  }
}

/// The rest of a text, from the first byte that asks for attention.
void append_special(std::string& out, std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) {
    throw ConversionError("a text is no valid UTF-8, so it cannot be sent to Solr");
  }
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, start, at - start);
    append_escape(out, byte);
    start = at + 1;
  }
  out.append(text, start);
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  const std::size_t plain = plain_prefix(text);
  out.append(text, 0, plain);
  if (plain != text.size()) append_special(out, text.substr(plain));
  out += '"';
}

/// Writes a number of at most three decimals, as most prices and measures are, in a fifth of the time that
/// std::to_chars() takes: its digits, and never an exponent. Null where it is another.
char* write_short_decimal(char* out, double value) {
  const double magnitude = std::abs(value);
  if (!(magnitude < 1e12)) return nullptr;
  std::uint64_t scale = 1;
  for (int decimals = 0; decimals <= 3; ++decimals, scale *= 10) {
    const auto digits = static_cast<std::uint64_t>(std::llround(magnitude * static_cast<double>(scale)));
    // Both are exact, and so the quotient is the double that the decimal number names.
    if (static_cast<double>(digits) / static_cast<double>(scale) != magnitude) continue;
    if (std::signbit(value)) *out++ = '-';
    out = std::to_chars(out, out + 20, digits / scale).ptr;
    *out++ = '.';
    if (decimals == 0) *out++ = '0';
    std::uint64_t rest = digits % scale;
    for (std::uint64_t unit = scale / 10; unit > 0; unit /= 10) {
      *out++ = static_cast<char>('0' + rest / unit);
      rest %= unit;
    }
    return out;
  }
  return nullptr;
}

}  // namespace

void JsonWriter::separate() {
  if (comma_) out_ += ',';
  comma_ = true;
}

JsonWriter& JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::close(char bracket) {
  out_ += bracket;
  comma_ = true;
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  separate();
  append_text(out_, name);
  out_ += ':';
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::written_key(std::string_view quoted) {
  separate();
  out_ += quoted;
  comma_ = false;
  return *this;
}

JsonWriter& JsonWriter::text(std::string_view value) {
  separate();
  append_text(out_, value);
  return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
  char digits[24];
  return written({digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr});
}

JsonWriter& JsonWriter::real(double value) {
  if (!std::isfinite(value)) throw ConversionError("JSON has no NaN and no infinity, so the number cannot be sent");
  char digits[32];
  if (const char* const end = write_short_decimal(digits, value)) return written({digits, end});
  char* end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  // "5" would be a whole number to whoever reads it, and "-0" would lose its sign.
  if (std::string_view(digits, end).find_first_of(".e") == std::string_view::npos) {
    *end++ = '.';
    *end++ = '0';
  }
  return written({digits, end});
}

JsonWriter& JsonWriter::boolean(bool value) { return written(value ? "true" : "false"); }

JsonWriter& JsonWriter::null() { return written("null"); }

JsonWriter& JsonWriter::written(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace core_lib::solr
