// SPDX-License-Identifier: Apache-2.0
#include "sql/postgresql/copy_target.hpp"

#include <cstdlib>

namespace core_lib::sql::postgresql {

// COPY refuses views and row-level security, which INSERT bears, and takes keys that are always to be generated.
std::string CopyTarget::question(std::string_view table, bool with_key, std::string_view also) {
  std::string sql = "SELECT relkind IN ('r', 'p') AND NOT relrowsecurity AND NOT relhasrules";
  if (with_key) sql += " AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attidentity = 'a')";
  sql += ", attname, atttypid, ";
  sql += also;
  sql +=
      " FROM pg_class AS c LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped "
      "WHERE c.oid = to_regclass(";
  sql += table;
  return sql += ')';
}

CopyTarget CopyTarget::read(const PGresult* answer) {
  CopyTarget target{.does_as_insert = *PQgetvalue(answer, 0, 0) == 't'};
  for (int i = 0; i < PQntuples(answer); ++i) {
    target.types.emplace(PQgetvalue(answer, i, 1),
                         static_cast<Oid>(std::strtoul(PQgetvalue(answer, i, 2), nullptr, 10)));
  }
  return target;
}

}  // namespace core_lib::sql::postgresql
