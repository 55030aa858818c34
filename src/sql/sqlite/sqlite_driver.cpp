// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "core_lib/sql/sqlite.hpp"

#include "sql/option_text.hpp"
#include "sql/sqlite/sqlite_connection.hpp"
#include "sql/sqlite/sqlite_dialect.hpp"

namespace core_lib::sql {
namespace {

class SqliteDriver final : public driver::Driver {
 public:
  explicit SqliteDriver(SqliteOptions options)
      : options_(std::move(options)), in_memory_(options_.file.empty() || options_.file == ":memory:") {
    refuse_nul("file", options_.file);
  }

  std::unique_ptr<driver::Connection> connect(Access access, Deadline deadline) override {
    return std::make_unique<sqlite::SqliteConnection>(options_, access, deadline);
  }
  const Dialect& dialect() const noexcept override { return sqlite::dialect(); }
  driver::Concurrency concurrency() const noexcept override {
    return {.max_writers = 1, .separate_readers = !in_memory_};
  }
  std::string description() const override { return in_memory_ ? "sqlite in memory" : "sqlite file " + options_.file; }

 private:
  SqliteOptions options_;
  bool in_memory_;
};

}  // namespace

std::unique_ptr<driver::Driver> make_sqlite_driver(SqliteOptions options) {
  return std::make_unique<SqliteDriver>(std::move(options));
}

}  // namespace core_lib::sql
