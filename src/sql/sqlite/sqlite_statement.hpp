// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <vector>

#include <sqlite3.h>

#include "core_lib/sql/driver/statement.hpp"

namespace core_lib::sql::sqlite {

class SqliteConnection;

class SqliteStatement final : public driver::Statement {
 public:
  /// @param statement  is owned from now on
  SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement);
  ~SqliteStatement() override { sqlite3_finalize(statement_); }
  SqliteStatement(const SqliteStatement&) = delete;
  SqliteStatement& operator=(const SqliteStatement&) = delete;

  std::size_t execute(std::span<const mapping::Scalar> parameters, driver::Fetching fetching) override;
  bool fetch() override { return !done_ && step(); }
  std::span<const mapping::Scalar> row() override;
  void close() noexcept override;

  std::uint64_t rows_matched() const noexcept override { return rows_matched_; }
  std::string_view column_name(std::size_t column) const override;

 private:
  using Buffer = std::array<char, 40>;  // the longest: a UUID of 36, a timestamp of 27

  void bind(int position, const mapping::Scalar& value);
  void bind_list(int position, const mapping::Scalar& value);
  /// @param ownership  SQLITE_STATIC where the text lives until close(), else SQLITE_TRANSIENT
  void bind_text(int position, std::string_view text, sqlite3_destructor_type ownership = SQLITE_STATIC);
  [[nodiscard]] Buffer& buffer();
  /// True at a row, false at the end.
  bool step();

  SqliteConnection& connection_;
  sqlite3_stmt* statement_;
  std::size_t parameter_count_;
  std::vector<mapping::Scalar> row_;  // of as many values as it has columns
  bool writes_;
  bool done_ = true;
  std::uint64_t rows_matched_ = 0;
  std::int64_t changes_before_ = 0;
  std::vector<std::unique_ptr<Buffer>> buffers_;  // text of values that SQLite has no type for
  std::size_t buffers_used_ = 0;
};

}  // namespace core_lib::sql::sqlite
