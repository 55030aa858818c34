// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/list_codec.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/civil_time.hpp"
#include "core_lib/mapping/uuid.hpp"

namespace core_lib::mapping {
namespace {

void append_json_text(std::string& out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4U];
      out += digits[static_cast<unsigned char>(c) & 0xFU];
    } else {
      out += c;
    }
  }
  out += '"';
}

template <class Number>
std::string_view append_number(std::string& out, Number number) {
  char text[32];
  const std::size_t before = out.size();
  out.append(text, std::to_chars(text, text + sizeof text, number).ptr);
  return std::string_view(out).substr(before);
}

void append_real(std::string& out, double real) {
  if (!std::isfinite(real)) throw ConversionError("NaN and infinities have no form in JSON");
  if (append_number(out, real).find_first_of(".e") == std::string_view::npos) out += ".0";  // else read as an integer
}

void append_json_value(std::string& out, const Scalar& value) {
  char text[civil_text_size];
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += value.as_boolean() ? "true" : "false";
      return;
    case Kind::integer:
      append_number(out, value.as_integer());
      return;
    case Kind::real:
      return append_real(out, value.as_real());
    case Kind::text:
    case Kind::decimal:
      return append_json_text(out, value.as_text());
    case Kind::timestamp:
      return append_json_text(out, {text, format_timestamp(value.as_integer(), text)});
    case Kind::date:
      return append_json_text(out, {text, format_date(value.as_integer(), text)});
    case Kind::duration:
      append_number(out, value.as_integer());
      return;
    case Kind::uuid: {
      char uuid[uuid_text_size];
      return append_json_text(out, {uuid, format_uuid(value.as_bytes(), uuid)});
    }
    case Kind::blob:
    case Kind::json:
    case Kind::list:
      throw ConversionError("a list of " + std::string(to_string(value.kind())) + " values has no form in JSON");
  }
}

/// A reader of arrays without arrays or objects in them.
class JsonListReader {
 public:
  JsonListReader(std::string_view json, Scratch& scratch) : rest_(json), scratch_(scratch) {}

  std::vector<Scalar> read() {
    std::vector<Scalar> values;
    skip_space();
    expect('[');
    if (!take(']')) {
      do {
        values.push_back(value());
      } while (take(','));
      expect(']');
    }
    if (!rest_.empty()) fail();
    return values;
  }

 private:
  [[noreturn]] static void fail() { throw ConversionError("the stored text is no JSON array of simple values"); }

  void skip_space() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    skip_space();
    return true;
  }
  void expect(char c) {
    if (!take(c)) fail();
  }

  Scalar value() {
    if (rest_.starts_with('"')) return text();
    const std::string_view word = rest_.substr(0, rest_.find_first_of(",] \t\r\n"));
    rest_.remove_prefix(word.size());
    skip_space();
    if (word == "null") return {};
    if (word == "true" || word == "false") return Scalar::boolean(word == "true");
    return number(word);
  }
  static Scalar number(std::string_view word) {
    const char* const end = word.data() + word.size();
    std::int64_t integer = 0;
    if (const auto parsed = std::from_chars(word.data(), end, integer); parsed.ptr == end && parsed.ec == std::errc()) {
      return Scalar::integer(integer);
    }
    double real = 0;
    const auto parsed = std::from_chars(word.data(), end, real);
    if (parsed.ptr != end || parsed.ec != std::errc() || !std::isfinite(real)) fail();
    return word.find_first_of(".eE") == std::string_view::npos ? Scalar::decimal(word) : Scalar::real(real);
  }

  Scalar text() {
    rest_.remove_prefix(1);
    const std::size_t plain = rest_.find_first_of("\"\\");
    if (plain != std::string_view::npos && rest_[plain] == '"') {
      const std::string_view found = rest_.substr(0, plain);
      rest_.remove_prefix(plain + 1);
      skip_space();
      return Scalar::text(found);
    }
    std::string unescaped;
    for (;;) {
      const std::size_t special = rest_.find_first_of("\"\\");
      if (special == std::string_view::npos) fail();
      unescaped += rest_.substr(0, special);
      const bool ends = rest_[special] == '"';
      rest_.remove_prefix(special + 1);
      if (ends) break;
      unescape(unescaped);
    }
    skip_space();
    return Scalar::text(scratch_.keep(std::move(unescaped)));
  }
  void unescape(std::string& out) {
    constexpr std::string_view codes = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    if (rest_.empty()) fail();
    const char code = rest_.front();
    rest_.remove_prefix(1);
    if (code == 'u') return append_code_point(out);
    const std::size_t at = codes.find(code);
    if (at == std::string_view::npos) fail();
    out += meanings[at];
  }
  std::uint32_t hexadecimal() {
    std::uint32_t unit = 0;
    const std::string_view digits = rest_.substr(0, 4);
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (digits.size() != 4 || parsed.ptr != digits.data() + 4) fail();
    rest_.remove_prefix(4);
    return unit;
  }
  void append_code_point(std::string& out) {
    std::uint32_t point = hexadecimal();
    if (point >= 0xD800 && point < 0xDC00) {
      if (!rest_.starts_with("\\u")) fail();
      rest_.remove_prefix(2);
      const std::uint32_t low = hexadecimal();
      if (low < 0xDC00 || low > 0xDFFF) fail();
      point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
    } else if (point >= 0xDC00 && point < 0xE000) {
      fail();
    }
    const auto append = [&](std::uint32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (point < 0x80) return append(point);
    if (point < 0x800) {
      append(0xC0U | point >> 6U);
    } else {
      if (point < 0x10000) {
        append(0xE0U | point >> 12U);
      } else {
        append(0xF0U | point >> 18U);
        append(0x80U | (point >> 12U & 0x3FU));
      }
      append(0x80U | (point >> 6U & 0x3FU));
    }
    append(0x80U | (point & 0x3FU));
  }

  std::string_view rest_;
  Scratch& scratch_;
};

}  // namespace

void Scratch::add_block(std::size_t least) {
  constexpr std::size_t smallest = 1000;  // which an allocator still takes for small
  const std::size_t size = std::max(smallest << std::min<std::size_t>(2 * kept_->blocks.size(), 4), least);
  kept_->next = kept_->blocks.emplace_back(std::make_unique_for_overwrite<char[]>(size)).get();
  kept_->free = size;
}

std::span<const Scalar> Scratch::copy_of(std::span<const Scalar> list) {
  std::vector<Scalar> copies(list.begin(), list.end());
  for (Scalar& each : copies) keep_borrowed(each);
  return keep(std::move(copies));
}

void append_json_list(std::string& out, std::span<const Scalar> values) {
  out += '[';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) out += ',';
    append_json_value(out, values[i]);
  }
  out += ']';
}

std::span<const Scalar> parse_json_list(std::string_view json, Scratch& scratch) {
  return scratch.keep(JsonListReader(json, scratch).read());
}

namespace detail {

std::span<const Scalar> values_of(const Scalar& list, std::string_view type, Scratch& scratch) {
  if (list.kind() == Kind::list) return list.as_list();
  if (list.kind() == Kind::json || list.kind() == Kind::text) return parse_json_list(list.as_text(), scratch);
  throw_wrong_kind(type, "a list or a JSON array", list.kind());
}

void throw_with_position(std::size_t position) {
  try {
    throw;
  } catch (const ConversionError& error) {
    throw ConversionError("value " + std::to_string(position + 1) + " of the list: " + error.what());
  }
}

}  // namespace detail
}  // namespace core_lib::mapping
