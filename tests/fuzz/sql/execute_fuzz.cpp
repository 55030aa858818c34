// SPDX-License-Identifier: Apache-2.0
// Any text in execute(): at most one statement of it runs, nothing of it survives a rollback, and every refusal is a
// core_lib::Error.
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core_lib/sql/sql_connection_registry.hpp"
#include "core_lib/sql/sqlite.hpp"

namespace {

using namespace core_lib;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Statements that reach out of the database, or change what this target looks with.
bool is_out_of_bounds(const std::string& text) {
  std::string lower;
  for (const char c : text) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return lower.find("attach") != std::string::npos || lower.find("vacuum") != std::string::npos ||
         lower.find("pragma") != std::string::npos;
}

class Quiet final : public Logger {
 public:
  void write(LogLevel, std::string_view, std::string_view) noexcept override {}
  [[nodiscard]] bool enabled(LogLevel) const noexcept override { return false; }
};

void run(SqlConnectionRegistry& db, const std::string& text) {
  try {
    db.with({.deadline = std::chrono::milliseconds(100)}, [&](sql::Session& session) {
      session.rollback_only();
      (void)session.execute("INSERT INTO kept VALUES (2)");
      (void)session.execute(text);
    });
  } catch (const Error&) {
    // Most texts are no SQL.
  }
  require(db.execute("SELECT COUNT(*) FROM kept").scalar<int>() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  if (is_out_of_bounds(text)) return 0;
  SqlConnectionRegistry db(sql::make_sqlite_driver(), {.logger = std::make_shared<Quiet>()});
  (void)db.execute("PRAGMA hard_heap_limit = 50000000");
  (void)db.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY)");
  (void)db.execute("INSERT INTO kept VALUES (1)");
  run(db, text);
  run(db, text + "\n; DELETE FROM kept");
  return 0;
}
