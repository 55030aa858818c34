// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core_lib/neo4j/record.hpp"
#include "core_lib/neo4j/summary.hpp"

namespace core_lib::neo4j {

class ResultCore;

/// The records of one query, fetched from the server as they are read.
///
/// Records can be read until the session runs something else without a transaction, or the transaction or the session
/// ends; keys and summary stay. Errors, of all that reads: what the query fails with; UsageError once the records are
/// gone; ConnectionLost.
/// Thread safety: none; it belongs to the thread of its session.
class Result {
 public:
  using is_scope_bound = void;
  class Iterator;

  explicit Result(std::shared_ptr<ResultCore> core) noexcept;
  Result(Result&&) noexcept;
  Result& operator=(Result&&) noexcept;
  ~Result();

  /// The names of the values of each record.
  [[nodiscard]] const std::vector<std::string>& keys() const;

  /// The next record, or nothing after the last.
  [[nodiscard]] std::optional<Record> next();
  /// The record that next() will give, without a step.
  [[nodiscard]] std::optional<Record> peek();
  /// The only record. Errors: NotFoundError without one, UsageError where there are more; the rest is discarded.
  [[nodiscard]] Record single();
  /// The only record, or nothing. Where there are more it is the first, and a warning is logged.
  [[nodiscard]] std::optional<Record> single_optional();
  /// All records that are left.
  [[nodiscard]] std::vector<Record> list();
  /// All records that are left, as plain structs: the fastest way to read many.
  template <detail::Struct T>
  [[nodiscard]] std::vector<T> list() {
    std::vector<T> all;
    while (const detail::Row* row = next_row()) {
      detail::read_struct(*row, keys(), mapping::fields_of<T>(), &all.emplace_back());
    }
    return all;
  }
  /// Calls `fn(T)` with each record that is left, as a plain struct, in constant memory.
  template <detail::Struct T, class Fn>
  void for_each(Fn&& fn) {
    while (const detail::Row* row = next_row()) {
      T object{};
      detail::read_struct(*row, keys(), mapping::fields_of<T>(), &object);
      fn(std::move(object));
    }
  }
  /// Discards the records that are left and tells what the query did. Can be asked again.
  [[nodiscard]] Summary consume();

  [[nodiscard]] Iterator begin();
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

 private:
  [[nodiscard]] const detail::Row* next_row();

  std::shared_ptr<ResultCore> core_;
};

/// Reads a result record by record, once.
class Result::Iterator {
 public:
  using iterator_concept = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = Record;

  explicit Iterator(Result& result) : result_(&result), record_(result.next()) {}
  [[nodiscard]] const Record& operator*() const noexcept { return *record_; }
  [[nodiscard]] const Record* operator->() const noexcept { return &*record_; }
  Iterator& operator++() {
    record_ = result_->next();
    return *this;
  }
  void operator++(int) { ++*this; }
  [[nodiscard]] bool operator==(std::default_sentinel_t) const noexcept { return !record_; }

 private:
  Result* result_;
  std::optional<Record> record_;
};

inline Result::Iterator Result::begin() { return Iterator(*this); }

}  // namespace core_lib::neo4j
