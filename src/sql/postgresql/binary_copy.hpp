// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

#include "core_lib/mapping/field.hpp"
#include "core_lib/sql/driver/row_source.hpp"

#include "sql/postgresql/copy_buffer.hpp"

namespace core_lib::sql::postgresql {

/// The types of a table's columns.
using ColumnTypes = std::unordered_map<std::string, Oid>;

/// COPY's binary form, which costs both sides less than its text does. It fits columns of some types only, since the
/// server converts nothing.
class BinaryCopy {
 public:
  /// Nothing where one of the columns has another type.
  [[nodiscard]] static std::optional<BinaryCopy> make(std::span<const mapping::Field* const> fields,
                                                      const ColumnTypes& types);

  static void append_header(CopyBuffer& out);
  /// Errors: ConversionError for what PostgreSQL or the column cannot store.
  /// @param entity  what rows.next() gave last
  void append_row(CopyBuffer& out, driver::RowSource& rows, const void* entity) const;
  static void append_end(CopyBuffer& out);

 private:
  /// Appends a value that is not null, behind its length.
  using Encoder = void (*)(CopyBuffer& out, const mapping::Scalar& value, std::size_t position);
  [[nodiscard]] static Encoder encoder(Oid type, mapping::Kind kind) noexcept;
  /// The same from a field of an entity, which may be null.
  using Put = void (*)(CopyBuffer& out, const void* field, std::size_t position);
  /// Null for a field that has to become a Scalar first.
  [[nodiscard]] static Put put(const mapping::FieldType& field, Oid type) noexcept;

  void begin_row(CopyBuffer& out) const;
  void append_values(CopyBuffer& out, std::span<const mapping::Scalar> row) const;

  struct Column {
    std::size_t offset;
    Put put;
    Encoder encode;
  };
  std::vector<Column> columns_;
  bool is_direct_ = false;  // from the entity, without a Scalar
};

}  // namespace core_lib::sql::postgresql
