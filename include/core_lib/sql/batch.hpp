// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core_lib/mapping/field.hpp"
#include "core_lib/sql/argument.hpp"

namespace core_lib::sql {

/// Several statements with their values, for Session::execute() to run together. It owns all of them, and
/// can be moved but not copied.
class Batch {
 public:
  /// Adds one statement as it is written, with a value for each of its placeholders.
  template <class... Arguments>
  Batch& add(std::string_view sql, const Arguments&... arguments) {
    mapping::Scratch scratch;
    const std::size_t before = values_.size();
    try {
      (values_.push_back(kept_.keep_copy(detail::encode_argument(arguments, scratch))), ...);
      add_statement(sql);
    } catch (...) {
      values_.erase(values_.begin() + static_cast<std::ptrdiff_t>(before), values_.end());
      throw;
    }
    return *this;
  }
  /// Statements.
  [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

 private:
  friend class Session;
  struct Statement {
    std::size_t text;        // its place among texts_
    std::size_t values_end;  // behind its last value; those of the statement before it end where its own begin
  };
  void add_statement(std::string_view sql);

  std::vector<std::string> texts_;  // one for statements in a row that are the same
  std::vector<mapping::Scalar> values_;
  mapping::Scratch kept_;  // what they borrow
  std::vector<Statement> statements_;
};

}  // namespace core_lib::sql
