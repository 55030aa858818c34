// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/copy_text.hpp"

#include <string_view>

#include "sql/postgresql/postgresql_parameters.hpp"
#include "sql/postgresql/value_text.hpp"

namespace core_lib::sql::postgresql {
namespace {

using mapping::Kind;
using mapping::Scalar;

void append_escaped(std::string& out, std::string_view text) {
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

void append_copied(std::string& out, const Scalar& value, std::size_t position) {
  switch (value.kind()) {
    case Kind::null:
      out += "\\N";
      return;
    case Kind::text:
    case Kind::decimal:
    case Kind::json:
      require_storable(value, position);
      return append_escaped(out, value.as_text());
    case Kind::blob:
      out += '\\';  // one more, for the one that the value's text begins with
      return append_value_text(out, value, position);
    case Kind::list: {
      std::string text;
      append_value_text(text, value, position);
      return append_escaped(out, text);
    }
    default:
      return append_value_text(out, value, position);
  }
}

}  // namespace

void append_copy_row(std::string& out, std::span<const Scalar> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (i != 0) out += '\t';
    append_copied(out, row[i], i);
  }
  out += '\n';
}

}  // namespace core_lib::sql::postgresql
