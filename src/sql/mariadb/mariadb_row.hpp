// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <span>
#include <string>

#include <mysql.h>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::mariadb {

/// Reads the columns of one row out of its packet, without copying: libmariadb calls take() for each column.
class MariadbRow {
 public:
  /// The next row of the statement goes there. What the span has no room for is passed over, which has to be done value
  /// by value too.
  void expect(MYSQL_STMT* statement, std::span<mapping::Scalar> values) noexcept;
  /// For STMT_ATTR_CB_RESULT, with the row as its user data.
  static void take(void* row, unsigned int column, unsigned char** bytes) noexcept;
  /// Errors: ConversionError for a value that has no counterpart here, of the row that was taken last.
  void check() const;

 private:
  void read(unsigned int column, unsigned char*& at, mapping::Scalar& value);

  MYSQL_STMT* statement_ = nullptr;
  const MYSQL_FIELD* fields_ = nullptr;  // of the row that was taken last: an execution may bring others
  std::span<mapping::Scalar> values_;
  std::deque<std::string> texts_;  // of values that the packet holds in another form
  const char* problem_ = nullptr;
  unsigned int problem_column_ = 0;
};

}  // namespace core_lib::sql::mariadb
