// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "core_lib/mapping/entity_table.hpp"
#include "core_lib/mapping/scalar.hpp"
#include "core_lib/sql/driver/statement.hpp"
#include "core_lib/sql/query/query_data.hpp"

namespace core_lib {
class ConversionError;
}

namespace core_lib::sql {

class Session;

namespace detail {

struct CachedStatement;
class QueryWatch;

struct ControlStatement {
  std::string_view sql;
};

/// One run of a statement in a session: from its start until its rows are read or it is destroyed.
/// Every error of the database passes through it and dooms the session.
class Execution {
 public:
  /// Runs a statement that the query layer shaped.
  Execution(Session& session, std::span<const Token> shape, std::span<const mapping::Scalar> parameters);
  /// Runs a query with the values it owns; it outlives the execution.
  Execution(Session& session, const QueryData& query, driver::Fetching fetching = driver::Fetching::at_once);
  /// Runs SQL as it was written. Errors: UsageError where it would begin or end a transaction.
  Execution(Session& session, std::string_view sql, std::span<const mapping::Scalar> parameters);
  /// Runs what the session itself has to say about its transaction.
  Execution(Session& session, ControlStatement control);
  Execution(const Execution&) = delete;
  Execution& operator=(const Execution&) = delete;
  ~Execution();

  /// Steps to the next row, false at the end. @pre the thread that started it, before the transaction's end
  [[nodiscard]] bool fetch();
  /// The same for a cursor, which lies with its user. Errors: UsageError in another thread, and after that end.
  [[nodiscard]] bool fetch_for_cursor();
  /// Rows that are still to come, where that is known; else 0.
  [[nodiscard]] std::size_t rows_ahead() const noexcept;
  /// The row that fetch() stepped to; what it points to lives until the next one, or the end.
  [[nodiscard]] std::span<const mapping::Scalar> row();
  [[nodiscard]] std::size_t column_count() const noexcept;
  [[nodiscard]] std::string_view column_name(std::size_t column) const;
  /// Assigns the row to an entity whose fields are the columns, in order.
  void read(const mapping::EntityTable& table, void* entity);
  /// Assigns column by column.
  void read(std::span<const mapping::FieldType* const> types, void* const* targets);
  /// Runs to the end and tells how many rows the statement matched.
  std::uint64_t finish();

 private:
  friend class core_lib::sql::Session;
  /// Reads what another one ran and will give back.
  Execution(Session& session, CachedStatement& ran, std::unique_ptr<QueryWatch> watch);
  template <class Take, class Bind>
  void start(const TableRef* entity, bool reads_only, driver::Fetching fetching, Take take, Bind bind);
  [[noreturn]] void fail_to_start();
  void require_open() const;
  void fail() noexcept;
  void tell_fetched(bool more) noexcept;
  [[noreturn]] void fail_to_read(const ConversionError& error, std::string_view column);
  void close() noexcept;

  Session& session_;
  const mapping::EntityTable* table_ = nullptr;  // of a statement that we have written
  CachedStatement* statement_ = nullptr;         // null once the transaction has ended
  bool holds_session_ = false;                   // from start to close()
  bool owns_statement_ = true;
  std::unique_ptr<QueryWatch> watch_;  // null where nobody watches, and once the end was told
  Execution* next_ = nullptr;          // the session's list of open executions
};

}  // namespace detail
}  // namespace core_lib::sql
