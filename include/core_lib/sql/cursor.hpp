// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>
#include <utility>

#include "core_lib/sql/row_reader.hpp"

namespace core_lib::sql {

/// Rows as they arrive, in constant memory: `for (User& user : session.query<User>().stream())`.
/// It reads from the open statement, so it cannot leave the scope, and can be walked once. Breaking off early is fine.
/// Errors: as the statement; ConversionError where a row does not fit.
template <class Row>
class Cursor {
 public:
  using is_scope_bound = void;

  /// Points at the row that was read last; all iterators of a cursor do.
  class Iterator {
   public:
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using iterator_category = std::input_iterator_tag;

    explicit Iterator(Cursor& cursor) : cursor_(&cursor) {}
    Row& operator*() const noexcept { return cursor_->row_; }
    Row* operator->() const noexcept { return &cursor_->row_; }
    Iterator& operator++() {
      cursor_->advance();
      return *this;
    }
    void operator++(int) { cursor_->advance(); }
    friend bool operator==(const Iterator& it, std::default_sentinel_t) noexcept { return it.is_done(); }

   private:
    [[nodiscard]] bool is_done() const noexcept { return cursor_->done_; }
    Cursor* cursor_;
  };

  Cursor(Session& session, detail::QueryData&& query)
      : query_(std::move(query)), execution_(session, query_, driver::Fetching::streamed) {}
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  /// Reads the first row. Once for a cursor.
  [[nodiscard]] Iterator begin() {
    advance();
    return Iterator(*this);
  }
  /// Behind the last row.
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  void advance() {
    done_ = !execution_.fetch_for_cursor();
    if (!done_) detail::RowReader<Row>::read(execution_, row_);
  }

  detail::QueryData query_;  // owns what the statement has bound
  detail::Execution execution_;
  Row row_{};
  bool done_ = false;
};

}  // namespace core_lib::sql
