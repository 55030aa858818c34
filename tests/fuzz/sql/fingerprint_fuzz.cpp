// SPDX-License-Identifier: Apache-2.0
// Fingerprints: any text has one, no value written as SQL wants it is left in it, and it has the same fingerprint
// itself.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sql/fingerprint.hpp"
#include "unit/sql/quoting.hpp"

namespace {

using core_lib::sql::Dialect;
using core_lib::sql::detail::fingerprint;

/// A value as a text of SQL.
std::string quoted(std::string_view value, char quote, bool backslash_escapes) {
  std::string text(1, quote);
  for (const char c : value) {
    if (c == quote || (c == '\\' && backslash_escapes)) text += c;
    text += c;
  }
  return text + quote;
}

void expect(const Dialect& dialect, const std::string& sql, std::string_view expected) {
  if (fingerprint(dialect, sql) != expected) std::abort();
}

void check(const Dialect& dialect, std::string_view any) {
  const std::string once = fingerprint(dialect, any);
  if (!once.ends_with(" ...") && fingerprint(dialect, once) != once) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view any(reinterpret_cast<const char*>(data), size);
  const core_lib::sql::DoubleQuotes standard;
  const core_lib::sql::Backticks mariadb;
  check(standard, any);
  check(mariadb, any);
  expect(standard, "a = " + quoted(any, '\'', false) + " b", "a = ? b");
  expect(mariadb, "a = " + quoted(any, '\'', true) + " b", "a = ? b");
  expect(mariadb, "a = " + quoted(any, '"', true) + " b", "a = ? b");
  if (any.find("$x$") == std::string_view::npos && !any.ends_with('$') && !any.ends_with("$x")) {
    expect(standard, "a = $x$" + std::string(any) + "$x$ b", "a = ? b");
  }
  if (any.find("*/") == std::string_view::npos && !any.ends_with('*')) {
    expect(standard, "a /*" + std::string(any) + "*/ b", "a b");
  }
  return 0;
}
