// SPDX-License-Identifier: Apache-2.0
#include "core_lib/sql/result.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

#include "sql/decode.hpp"

namespace core_lib::sql {
namespace {

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

Result::Result(detail::Execution&& execution) {
  for (std::size_t i = 0; i < execution.column_count(); ++i) columns_.emplace_back(execution.column_name(i));
  while (!columns_.empty() && execution.fetch()) {
    for (const mapping::Scalar& value : execution.row()) values_.push_back(kept_.keep_copy(value));
    ++rows_;
  }
  rows_matched_ = execution.finish();
}

Result::Row Result::operator[](std::size_t row) const {
  if (row >= rows_) {
    throw UsageError("cannot read row " + std::to_string(row) + " of a result with " + std::to_string(rows_) + " rows");
  }
  return {*this, row};
}

Result::Row Result::only_row() const {
  if (rows_ == 0) throw NotFoundError("the statement gave no row, so there is no value to read");
  return {*this, 0};
}

std::size_t Result::column_of(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) {
    throw UsageError("the result has no column '" + std::string(name) + "'; it has: " + listed(columns_));
  }
  return static_cast<std::size_t>(found - columns_.begin());
}

std::vector<std::size_t> Result::columns_of(std::span<const mapping::Field> fields) const {
  std::vector<std::size_t> positions;
  positions.reserve(fields.size());
  for (const mapping::Field& field : fields) positions.push_back(column_of(field.name));
  return positions;
}

void Result::decode(std::size_t row, std::size_t column, const mapping::FieldType& type, void* target) const {
  if (column >= columns_.size()) {
    throw UsageError("the result has no column " + std::to_string(column) + "; it has " +
                     std::to_string(columns_.size()));
  }
  detail::decode(type, values_[row * columns_.size() + column], target, columns_[column]);
}

void Result::decode(std::size_t row, std::span<const mapping::Field> fields, const std::vector<std::size_t>& positions,
                    void* target) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    decode(row, positions[i], *fields[i].type, static_cast<std::byte*>(target) + fields[i].offset);
  }
}

}  // namespace core_lib::sql
