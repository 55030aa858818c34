// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/mapping/field.hpp"
#include "core_lib/sql/argument.hpp"
#include "core_lib/sql/driver/batch_runs.hpp"

namespace core_lib::sql {

/// Several statements with their values, for Session::execute() to run together. It owns all of them, and
/// can be moved but not copied.
class Batch {
 public:
  /// Adds one statement as it is written, with a value for each of its placeholders.
  template <class... Arguments>
  Batch& add(std::string_view sql, const Arguments&... arguments) {
    mapping::Scratch scratch;
    constexpr std::size_t count = sizeof...(Arguments);
    if (blocks_.empty() || block_size_ - used_ < count) add_block(count);
    mapping::Scalar* value = blocks_.back().get() + used_;
    (value++->become([&] { return detail::encode_argument(arguments, scratch); }), ...);
    add_statement(sql, {value - count, count});
    return *this;
  }
  /// Statements.
  [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

 private:
  friend class Session;
  void add_block(std::size_t values);
  /// @param values  the next ones of the block, which borrow from their owners so far
  void add_statement(std::string_view sql, std::span<mapping::Scalar> values);

  std::vector<std::string> texts_;                          // one for statements in a row that are the same
  std::vector<std::unique_ptr<mapping::Scalar[]>> blocks_;  // of values
  std::size_t block_size_ = 0;                              // of the last one
  std::size_t used_ = 0;                                    // of the last one
  mapping::Scratch kept_;                                   // what values borrow
  std::vector<driver::BatchRuns::Entry> statements_;        // whose places are those of texts_
};

}  // namespace core_lib::sql
