// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::driver {

/// How the rows of a statement come: all at once, or a few at a time, in constant memory, as fetch() asks for them.
enum class Fetching { at_once, streamed };

/// A prepared statement of one connection; the session keeps it in its cache and runs it again and again.
/// Thread safety: none; the session sees to it. Errors: every function throws core_lib::Error unless it says noexcept.
class Statement {
 public:
  virtual ~Statement() = default;

  /// Starts it, and tells how many columns its rows have. A statement that yields no rows has run when this returns.
  /// @param parameters  one for each placeholder; what they point to lives until close()
  /// @throws UsageError  the statement has another number of placeholders
  virtual std::size_t execute(std::span<const mapping::Scalar> parameters, Fetching fetching) = 0;
  /// Steps to the next row, false at the end.
  virtual bool fetch() = 0;
  /// As many values as execute() told. What they point to lives until the next row(), read(), fetch() or close().
  /// @pre fetch() has stepped to a row
  /// @throws ConversionError  the server sent what cannot be read
  virtual std::span<const mapping::Scalar> row() = 0;
  /// Assigns the row to an entity whose fields are its columns, in order. @pre as row()
  /// @throws ConversionError  a value does not fit its field, both of which it names
  virtual void read(const mapping::EntityTable& table, void* entity);
  /// Rows that fetch() is still to give, where they are here already; else 0.
  [[nodiscard]] virtual std::size_t rows_ahead() const noexcept { return 0; }
  /// Ends it early or late, so that it can be executed again. Safe to call twice.
  virtual void close() noexcept = 0;

  /// Rows that the last execution matched: known once it has run to its end.
  [[nodiscard]] virtual std::uint64_t rows_matched() const noexcept = 0;
  /// @pre execute() has returned
  [[nodiscard]] virtual std::string_view column_name(std::size_t column) const = 0;
};

}  // namespace core_lib::sql::driver
