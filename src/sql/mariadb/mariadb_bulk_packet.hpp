// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::mariadb {

/// What COM_STMT_BULK_EXECUTE sends: a statement that runs once for each of many rows.
class BulkPacket {
 public:
  /// @param limit  of its bytes, which a single row may pass
  BulkPacket(unsigned long statement, std::size_t columns, std::size_t limit);

  /// False where the row has to go into the next packet, because there is no room, or because a column holds values of
  /// another type. Errors: as append_value().
  [[nodiscard]] bool add(std::span<const mapping::Scalar> row);
  [[nodiscard]] bool empty() const noexcept { return rows_ == 0; }
  [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }
  /// Takes out all rows.
  void clear() noexcept;

 private:
  [[nodiscard]] bool append(std::span<const mapping::Scalar> row);
  [[nodiscard]] bool takes(std::size_t column, mapping::Kind kind);

  std::size_t limit_;
  std::size_t head_;
  std::string bytes_;
  std::vector<mapping::Kind> kinds_;  // of the columns; null where none is known yet
  std::size_t rows_ = 0;
};

}  // namespace core_lib::sql::mariadb
