// SPDX-License-Identifier: Apache-2.0
#include "sql/sqlite/sqlite_dialect.hpp"

namespace core_lib::sql::sqlite {
namespace {

class SqliteDialect final : public Dialect {
 public:
  std::string_view name() const noexcept override { return "sqlite"; }

  std::string_view no_limit() const noexcept override { return " LIMIT -1"; }

  // SQLite takes 32,766 parameters.
  std::optional<ListTest> list_test(bool among, std::size_t values) const noexcept override {
    if (values <= 30'000) return {};
    return among ? ListTest{" IN (SELECT value FROM json_each(", "))"}
                 : ListTest{" NOT IN (SELECT value FROM json_each(", "))"};
  }

  // A transaction that may write holds the lock of the whole database from its begin.
  std::string_view for_update() const noexcept override { return ""; }

  void column_type(std::string& sql, const mapping::FieldType& type) const override {
    switch (type.kind) {
      case mapping::Kind::boolean:
        sql += "BOOLEAN";
        return;
      case mapping::Kind::integer:
      case mapping::Kind::duration:
        sql += "INTEGER";
        return;
      case mapping::Kind::real:
        sql += "REAL";
        return;
      case mapping::Kind::blob:
        sql += "BLOB";
        return;
      // Affinity TEXT keeps what was written: DATETIME, DATE or DECIMAL would turn text into numbers.
      default:
        sql += "TEXT";
        return;
    }
  }

  // AUTOINCREMENT: a key is never given twice, even after its row is gone.
  void generated_key(std::string& sql, const mapping::FieldType&) const override {
    sql += "INTEGER PRIMARY KEY AUTOINCREMENT";
  }

  // SQLITE_MAX_VARIABLE_NUMBER of an upstream build; Debian's allows 250000.
  std::size_t max_parameters() const noexcept override { return 32766; }
};

}  // namespace

const Dialect& dialect() noexcept {
  static const SqliteDialect dialect;
  return dialect;
}

}  // namespace core_lib::sql::sqlite
