// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core_lib/observability/trace_parent.hpp"
#include "core_lib/sql/dialect.hpp"
#include "core_lib/sql/driver/connection.hpp"
#include "core_lib/sql/query/token.hpp"

#include "sql/query/renderer.hpp"

namespace core_lib::sql::detail {

/// A prepared statement with all that running it again needs.
struct CachedStatement {
  std::string key;  ///< The bytes of a shape, or SQL text.
  std::unique_ptr<driver::Statement> statement;
  std::size_t columns = 0;  ///< Of its rows, once it was executed.
  bool in_use = false;
  bool cached = true;                  ///< False: it ends with its execution.
  bool generated = false;              ///< From a shape, hence without a value in its text.
  std::vector<Binding> bindings{};     ///< As Rendered::bindings; empty for SQL text.
  std::vector<mapping::Scalar> bound;  ///< Room for one execution of a shape.
  std::string sql;
  std::size_t own_size = 0;  ///< Of the text without the comment that traces it.

  /// For observers; made when it is asked for the first time.
  [[nodiscard]] std::string_view fingerprint(const Dialect& dialect);

 private:
  std::string fingerprint_;
};

/// The prepared statements of one connection, the least recently used one making room.
/// Thread safety: none, as the connection's.
class StatementCache {
 public:
  StatementCache(driver::Connection& connection, const Dialect& dialect, std::size_t capacity = 256)
      : connection_(connection), dialect_(dialect), capacity_(capacity) {}

  /// Hands out the statement for a shape or text, marked as in use. Errors: as Connection::prepare().
  /// @param trace  becomes a comment behind its text, which no other execution will have: such a statement is not kept
  /// @{
  [[nodiscard]] CachedStatement& take(std::span<const Token> shape, const std::optional<TraceParent>& trace = {});
  [[nodiscard]] CachedStatement& take(std::string_view sql, const std::optional<TraceParent>& trace = {});
  /// @}
  /// The fingerprint of the statement that take() failed to prepare last; empty where it did not come so far.
  [[nodiscard]] std::string refused() noexcept;
  /// Ends its execution.
  void give_back(CachedStatement& statement) noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return statements_.size(); }

 private:
  using List = std::list<CachedStatement>;

  CachedStatement* find(std::string_view key);
  CachedStatement& insert(std::string_view key, std::string sql, std::vector<Binding> bindings);
  CachedStatement& insert_traced(std::string sql, std::vector<Binding> bindings, const TraceParent& trace);
  std::unique_ptr<driver::Statement> prepare(std::string& sql);
  void make_room();

  driver::Connection& connection_;
  const Dialect& dialect_;
  std::size_t capacity_;
  List statements_;  // the most recently used first
  std::unordered_map<std::string_view, List::iterator> index_;
  List uncached_;  // second executions of statements that are in use, and traced ones
  std::string refused_;
};

}  // namespace core_lib::sql::detail
