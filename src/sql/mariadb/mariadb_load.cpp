// SPDX-License-Identifier: Apache-2.0
// Rows in bulk: one statement, prepared once, runs for all rows of a packet.
#include <algorithm>
#include <memory>

#include "sql/mariadb/mariadb_bulk_packet.hpp"
#include "sql/mariadb/mariadb_connection.hpp"

namespace core_lib::sql::mariadb {

// It is an INSERT, and does what one does to any table. MySQL runs statements for one row only.
bool MariadbConnection::can_load(std::string_view, bool) {
  unsigned long extended = 0;
  mariadb_get_infov(handle(), MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &extended);
  return is_mariadb_ && (extended & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32U)) != 0;
}

bool MariadbConnection::load(std::string_view sql, driver::RowSource& rows) {
  constexpr std::size_t longest = 256 * 1024;
  bool is_text = false;
  const auto close = [this](MYSQL_STMT* statement) { close_handle(statement); };
  const std::unique_ptr<MYSQL_STMT, decltype(close)> statement(prepare_handle(sql, is_text), close);
  BulkPacket packet(statement->stmt_id, mysql_stmt_param_count(statement.get()), std::min(longest, max_packet_ - 1));
  const auto send = [&] {
    check_packet(packet.bytes().size());
    (void)execute(statement.get(), COM_STMT_BULK_EXECUTE, packet.bytes());
    packet.clear();
  };
  while (rows.next() != nullptr) {
    const auto row = rows.values();
    while (!packet.add(row)) send();
  }
  if (!packet.empty()) send();
  return true;
}

}  // namespace core_lib::sql::mariadb
