// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/sql/dialect.hpp"

namespace core_lib::sql {

/// A dialect of which only the way to quote names matters: that of the standard.
class DoubleQuotes : public Dialect {
 public:
  std::string_view name() const noexcept override { return "standard"; }
  void column_type(std::string&, const mapping::FieldType&) const override {}
  void generated_key(std::string&, const mapping::FieldType&) const override {}
  std::size_t max_parameters() const noexcept override { return 65'535; }
};

/// That of MySQL and MariaDB.
class Backticks final : public DoubleQuotes {
 public:
  void quote(std::string& sql, std::string_view identifier) const override {
    sql += '`';
    sql += identifier;
    sql += '`';
  }
};

}  // namespace core_lib::sql
