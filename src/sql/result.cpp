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
  if (const std::size_t columns = execution.column_count()) {
    rows_ = std::make_unique<Rows>();
    for (std::size_t i = 0; i < columns; ++i) rows_->columns.emplace_back(execution.column_name(i));
    while (execution.fetch()) {
      for (const mapping::Scalar& value : execution.row()) rows_->values.push_back(rows_->kept.keep_copy(value));
      ++rows_->count;
    }
  }
  rows_matched_ = execution.finish();
}

const std::vector<std::string>& Result::columns() const noexcept {
  static const std::vector<std::string> none;
  return rows_ ? rows_->columns : none;
}

Result::Row Result::operator[](std::size_t row) const {
  if (row >= size()) {
    throw UsageError("cannot read row " + std::to_string(row) + " of a result with " + std::to_string(size()) +
                     " rows");
  }
  return {*this, row};
}

Result::Row Result::only_row() const {
  if (empty()) throw NotFoundError("the statement gave no row, so there is no value to read");
  return {*this, 0};
}

std::size_t Result::column_of(std::string_view name) const {
  const std::vector<std::string>& names = columns();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw UsageError("the result has no column '" + std::string(name) + "'; it has: " + listed(names));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<std::size_t> Result::columns_of(std::span<const mapping::Field> fields) const {
  std::vector<std::size_t> positions;
  positions.reserve(fields.size());
  for (const mapping::Field& field : fields) positions.push_back(column_of(field.name));
  return positions;
}

void Result::decode(std::size_t row, std::size_t column, const mapping::FieldType& type, void* target) const {
  const std::vector<std::string>& names = rows_->columns;
  if (column >= names.size()) {
    throw UsageError("the result has no column " + std::to_string(column) + "; it has " + std::to_string(names.size()));
  }
  detail::decode(type, rows_->values[row * names.size() + column], target, names[column]);
}

void Result::decode(std::size_t row, std::span<const mapping::Field> fields, const std::vector<std::size_t>& positions,
                    void* target) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    decode(row, positions[i], *fields[i].type, static_cast<std::byte*>(target) + fields[i].offset);
  }
}

}  // namespace core_lib::sql
