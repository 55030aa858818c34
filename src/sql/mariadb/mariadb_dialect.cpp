// SPDX-License-Identifier: Apache-2.0
#include "sql/mariadb/mariadb_dialect.hpp"

namespace core_lib::sql::mariadb {
namespace {

class MariadbDialect final : public Dialect {
 public:
  std::string_view name() const noexcept override { return "mariadb"; }

  void quote(std::string& sql, std::string_view identifier) const override {
    sql += '`';
    for (const char c : identifier) {
      if (c == '`') sql += '`';
      sql += c;
    }
    sql += '`';
  }

  std::string_view no_limit() const noexcept override { return " LIMIT 18446744073709551615"; }
  std::string_view no_values() const noexcept override { return " () VALUES ()"; }

  // It names no columns: any unique key finds the row.
  void upsert(std::string& sql, std::span<const std::string_view>,
              std::span<const std::string_view> written) const override {
    sql += " ON DUPLICATE KEY UPDATE ";
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (i != 0) sql += ", ";
      quote(sql, written[i]);
      sql += " = VALUES(";
      quote(sql, written[i]);
      sql += ')';
    }
  }

  std::size_t least_load() const noexcept override { return 256; }
  void load(std::string& sql, std::string_view table, std::span<const std::string_view> columns) const override {
    sql += "INSERT INTO ";
    quote(sql, table);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      sql += i == 0 ? " (" : ", ";
      quote(sql, columns[i]);
    }
    sql += ") VALUES (?";
    for (std::size_t i = 1; i < columns.size(); ++i) sql += ", ?";
    sql += ')';
  }

  bool update_returns() const noexcept override { return false; }

  void column_type(std::string& sql, const mapping::FieldType& type) const override { sql += type_of(type.kind); }

  // Keys of InnoDB hold 3072 bytes in all; this leaves room for two such columns, of 4 bytes a character.
  void indexed_column_type(std::string& sql, const mapping::FieldType& type) const override {
    switch (type.kind) {
      case mapping::Kind::text:
        sql += "VARCHAR(255)";
        return;
      case mapping::Kind::blob:
        sql += "VARBINARY(255)";
        return;
      default:
        column_type(sql, type);
        return;
    }
  }

  void generated_key(std::string& sql, const mapping::FieldType&) const override {
    sql += "BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY";
  }

  // Text compares as it does elsewhere: upper and lower case differ, and so do blanks at the end. Each server reads the
  // comment that is meant for it.
  std::string_view table_options() const noexcept override {
    return " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=/*M! utf8mb4_nopad_bin */ /*!80017 utf8mb4_0900_bin */";
  }

  std::size_t max_parameters() const noexcept override { return 65535; }

 private:
  static std::string_view type_of(mapping::Kind kind) {
    switch (kind) {
      case mapping::Kind::boolean:
        return "BOOLEAN";
      case mapping::Kind::integer:
      case mapping::Kind::duration:
        return "BIGINT";
      case mapping::Kind::real:
        return "DOUBLE";
      case mapping::Kind::blob:
        return "LONGBLOB";
      case mapping::Kind::timestamp:
        return "DATETIME(6)";
      case mapping::Kind::date:
        return "DATE";
      // MariaDB's own type refuses versions and variants that it does not know.
      case mapping::Kind::uuid:
        return "CHAR(36) CHARACTER SET ascii COLLATE ascii_bin";
      case mapping::Kind::decimal:
        return "DECIMAL(65,30)";
      case mapping::Kind::json:
      case mapping::Kind::list:
        return "JSON";
      default:
        return "LONGTEXT";
    }
  }
};

}  // namespace

const Dialect& dialect() noexcept {
  static const MariadbDialect dialect;
  return dialect;
}

}  // namespace core_lib::sql::mariadb
