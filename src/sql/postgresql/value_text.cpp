// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/value_text.hpp"

#include <charconv>
#include <cmath>
#include <span>
#include <string_view>

#include "core_lib/mapping/civil_time.hpp"

#include "sql/postgresql/postgresql_parameters.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

template <class Number>
void append_number(std::string& out, Number value) {
  char text[32];
  out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
}

void append_real(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value < 0 ? "-Infinity" : "Infinity";
  } else {
    append_number(out, value);
  }
}

void append_hex(std::string& out, std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out += digits[byte >> 4U];
    out += digits[byte & 0xFU];
  }
}

/// The year 0 and those before it have another count and a suffix here: 0000 is "0001 BC".
void append_civil(std::string& out, std::string_view text, std::string_view zone) {
  const bool negative = text.front() == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t dash = text.find('-');
  int year = 0;
  std::from_chars(text.data(), text.data() + dash, year);
  const bool before_christ = negative || year == 0;
  if (before_christ) {
    const std::string counted = std::to_string(year + 1);
    out.append(counted.size() < 4 ? 4 - counted.size() : 0, '0');
    out += counted;
    text.remove_prefix(dash);
  }
  out += text;
  out += zone;
  if (before_christ) out += " BC";
}

/// An array's literal: each value quoted, so that no text is taken for NULL or for the literal's own signs.
void append_list(std::string& out, std::span<const Scalar> values, std::size_t position) {
  std::string text;
  out += '{';
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != 0) out += ',';
    if (values[i].is_null()) {
      out += "NULL";
      continue;
    }
    text.clear();
    append_value_text(text, values[i], position);
    out += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    out += '"';
  }
  out += '}';
}

}  // namespace

void append_value_text(std::string& out, const Scalar& value, std::size_t position) {
  char text[mapping::civil_text_size];
  require_storable(value, position);
  switch (value.kind()) {
    case Kind::null:
      return;
    case Kind::boolean:
      out += value.as_boolean() ? 't' : 'f';
      return;
    case Kind::integer:
      append_number(out, value.as_integer());
      return;
    case Kind::real:
      append_real(out, value.as_real());
      return;
    case Kind::timestamp:
      append_civil(out, {text, mapping::format_timestamp(value.as_integer(), text)}, "+00");
      return;
    case Kind::date:
      append_civil(out, {text, mapping::format_date(value.as_integer(), text)}, "");
      return;
    case Kind::duration:
      out.append(text, mapping::format_duration(value.as_integer(), text));
      return;
    case Kind::uuid:
      append_hex(out, value.as_text());
      return;
    case Kind::blob:
      out += "\\x";
      append_hex(out, value.as_text());
      return;
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      out += value.as_text();
      return;
    case Kind::list:
      append_list(out, value.as_list(), position);
      return;
  }
}

}  // namespace core_lib::sql::postgresql
