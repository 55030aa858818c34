// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <libpq-fe.h>

#include "sql/postgresql/binary_copy.hpp"

namespace core_lib::sql::postgresql {

/// What COPY must know of a table before rows go out.
struct CopyTarget {
  bool does_as_insert = false;  ///< COPY would not refuse what INSERT bears, nor the other way round.
  ColumnTypes types{};

  bool operator==(const CopyTarget&) const = default;

  /// What asks for it, without parameters. Its answer has a row for each column, and the value of `also` at the end.
  /// @param table  quoted as an identifier, and then as a literal
  [[nodiscard]] static std::string question(std::string_view table, bool with_key, std::string_view also);
  /// @pre the answer has rows
  [[nodiscard]] static CopyTarget read(const PGresult* answer);
};

}  // namespace core_lib::sql::postgresql
