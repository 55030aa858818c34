// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/sql/argument.hpp"
#include "core_lib/sql/query/parameter.hpp"

namespace core_lib::sql {

/// Several statements with their values, for Session::execute() to run together. It owns all of them.
class Batch {
 public:
  /// Adds one statement as it is written, with a value for each of its placeholders.
  template <class... Arguments>
  Batch& add(std::string_view sql, const Arguments&... arguments) {
    Statement statement{std::string(sql), {}};
    mapping::Scratch scratch;
    (statement.values.emplace_back(detail::encode_argument(arguments, scratch)), ...);
    statements_.push_back(std::move(statement));
    return *this;
  }
  /// Statements.
  [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

 private:
  friend class Session;
  struct Statement {
    std::string sql;
    std::vector<detail::Parameter> values;
  };
  std::vector<Statement> statements_;
};

}  // namespace core_lib::sql
