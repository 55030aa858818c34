// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/copy_text.hpp"

#include <charconv>
#include <cmath>
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

void append_text(std::string& out, std::string_view text) {
  for (std::size_t from = 0;;) {
    const std::size_t special = text.find_first_of("\\\n\r\t", from);
    out.append(text.substr(from, special - from));
    if (special == std::string_view::npos) return;
    const char c = text[special];
    out += '\\';
    out += c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\t' ? 't' : c;
    from = special + 1;
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

void append_value(std::string& out, const Scalar& value, std::size_t position) {
  char text[mapping::civil_text_size];
  switch (value.kind()) {
    case Kind::null:
      out += "\\N";
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
      require_storable(value, position);
      append_civil(out, {text, mapping::format_timestamp(value.as_integer(), text)}, "+00");
      return;
    case Kind::date:
      require_storable(value, position);
      append_civil(out, {text, mapping::format_date(value.as_integer(), text)}, "");
      return;
    case Kind::uuid:
      append_hex(out, value.as_text());
      return;
    case Kind::blob:
      out += "\\\\x";
      append_hex(out, value.as_text());
      return;
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      require_storable(value, position);
      append_text(out, value.as_text());
      return;
  }
}

}  // namespace

void append_copy_row(std::string& out, std::span<const Scalar> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) out += '\t';
    append_value(out, row[i], i);
  }
  out += '\n';
}

}  // namespace core_lib::sql::postgresql
