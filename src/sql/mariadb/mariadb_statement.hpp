// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <mysql.h>

#include "core_lib/sql/driver/statement.hpp"

#include "sql/mariadb/mariadb_row.hpp"
#include "sql/mariadb/mariadb_text.hpp"

namespace core_lib::sql::mariadb {

class MariadbConnection;

/// A prepared statement. The server may forget it, and so may its connection to make room: it is prepared again then.
class MariadbStatement final : public driver::Statement {
 public:
  /// Prepares it. Errors: as driver::Connection::prepare().
  MariadbStatement(MariadbConnection& connection, std::string_view sql);
  ~MariadbStatement() override;
  MariadbStatement(const MariadbStatement&) = delete;
  MariadbStatement& operator=(const MariadbStatement&) = delete;

  std::size_t execute(std::span<const mapping::Scalar> parameters, driver::Fetching fetching) override;
  bool fetch() override;
  std::span<const mapping::Scalar> row() override { return values_; }
  void close() noexcept override;

  std::uint64_t rows_matched() const noexcept override { return rows_matched_; }
  std::string_view column_name(std::size_t column) const override;

  /// Takes the rows that are still on their way into memory, so that the connection is free for another statement.
  void store_rest();
  /// Gives up the server's half, where it does not run now.
  void forget() noexcept;

 private:
  void prepare();
  void leave_out_returning();
  void run(std::span<const mapping::Scalar> parameters);
  void fetch_key();
  [[noreturn]] void throw_changed(std::string_view loss) const;
  void finish();
  void free_stored() noexcept;

  MariadbConnection& connection_;
  std::string sql_;
  InsertReturning returning_;
  bool by_insert_id_ = false;  // the last insert id takes the place of RETURNING
  bool is_text_ = false;       // run as text, because the server does not prepare such statements
  bool writes_ = false;
  MYSQL_STMT* handle_ = nullptr;
  std::size_t parameter_count_ = 0;
  MariadbRow row_;
  std::vector<mapping::Scalar> values_;  // of the row
  std::uint64_t rows_matched_ = 0;
  bool done_ = true;
  bool stored_ = false;  // what is left to fetch is in memory
};

}  // namespace core_lib::sql::mariadb
