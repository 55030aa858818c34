// SPDX-License-Identifier: Apache-2.0
// Any text as a name, and as what LIKE is to find: SQLite must see the same text.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/dialect.hpp"
#include "core_lib/sql/query/column.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace {

using namespace core_lib;

void require(bool holds) {
  if (!holds) std::abort();
}

struct Engine {
  std::unique_ptr<sql::driver::Driver> driver = sql::make_sqlite_driver();
  std::unique_ptr<sql::driver::Connection> connection = driver->connect(Access::read_write, Deadline::never());
  std::unique_ptr<sql::driver::Statement> like = connection->prepare("SELECT ? LIKE ? ESCAPE '!'");
};

void name_comes_back(Engine& engine, const std::string& name) {
  std::string sql = "SELECT 1 AS ";
  engine.driver->dialect().quote(sql, name);
  const auto statement = engine.connection->prepare(sql);
  require(statement->execute({}, sql::driver::Fetching::at_once) == 1);
  require(statement->column_name(0) == name);
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool is_like(Engine& engine, const std::string& text, const std::string& pattern) {
  const mapping::Scalar values[] = {mapping::Scalar::text(text), mapping::Scalar::text(pattern)};
  (void)engine.like->execute(values, sql::driver::Fetching::at_once);
  require(engine.like->fetch());
  const bool found = engine.like->row()[0].as_integer() != 0;
  engine.like->close();
  return found;
}

void like_finds_what_is_there(Engine& engine, const std::string& text, const std::string& wanted) {
  const std::size_t at = lower(text).find(lower(wanted));
  require(is_like(engine, text, sql::detail::like_pattern("%", wanted, "%")) == (at != std::string::npos));
  require(is_like(engine, text, sql::detail::like_pattern("", wanted, "%")) == (at == 0));
  require(is_like(engine, text, sql::detail::like_pattern("%", wanted, "")) == lower(text).ends_with(lower(wanted)));
  require(is_like(engine, text + wanted + text, sql::detail::like_pattern("%", wanted, "%")));
}

/// LIKE knows the letters of ASCII only, and a NUL is no text.
std::string ascii(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if ((c & 0x7F) != 0) result += static_cast<char>(c & 0x7F);
  }
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static Engine engine;
  std::string text(reinterpret_cast<const char*>(bytes), size);
  text.erase(std::remove(text.begin(), text.end(), '\0'), text.end());
  if (!text.empty()) name_comes_back(engine, text);
  const std::size_t end = std::min(text.find('\n'), text.size());
  like_finds_what_is_there(engine, ascii(text.substr(0, end)), ascii(text.substr(std::min(end + 1, text.size()))));
  return 0;
}
