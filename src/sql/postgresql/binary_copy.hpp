// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

#include "core_lib/mapping/field.hpp"

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

  static void append_header(std::string& out);
  /// Errors: ConversionError for what PostgreSQL or the column cannot store.
  void append_row(std::string& out, std::span<const mapping::Scalar> row) const;
  static void append_end(std::string& out);

 private:
  /// Appends a value that is not null, behind its length.
  using Encoder = void (*)(std::string& out, const mapping::Scalar& value, std::size_t position);
  [[nodiscard]] static Encoder encoder(Oid type, mapping::Kind kind) noexcept;

  std::vector<Encoder> encoders_;
};

}  // namespace core_lib::sql::postgresql
