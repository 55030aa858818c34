// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>

#include "sql/postgresql/network_order.hpp"

namespace core_lib::sql::postgresql {

/// Rows on their way to COPY. Room for all numbers of a row is made at its start, since looking for it at each would
/// take longer than writing them does.
class CopyBuffer {
 public:
  /// What was written since clear(). Lifetime: until more is written.
  [[nodiscard]] std::string_view bytes() const noexcept { return {start_.get(), size()}; }
  [[nodiscard]] std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - start_.get()); }
  void clear() noexcept { at_ = start_.get(); }

  /// @param numbers  bytes of what put() writes in this row, at most
  void begin_row(std::size_t numbers) {
    numbers_ = numbers;
    make_room(0);
  }
  /// Writes it in the protocol's order of bytes. @pre begin_row() was told of it
  template <class Integer>
  void put(Integer number) noexcept {
    const auto bytes = network_order(number);
    at_ = std::copy(bytes.begin(), bytes.end(), at_);
  }
  void append(std::string_view bytes) {
    make_room(bytes.size());
    at_ = std::copy(bytes.begin(), bytes.end(), at_);
  }

 private:
  /// For so many bytes, and all the numbers behind them.
  void make_room(std::size_t bytes) {
    if (static_cast<std::size_t>(end_ - at_) < bytes + numbers_) grow(bytes + numbers_);
  }
  void grow(std::size_t more) {
    const std::string_view old = bytes();
    const std::size_t room = std::max(2 * old.size(), old.size() + more);
    auto start = std::make_unique_for_overwrite<char[]>(room);
    at_ = std::copy(old.begin(), old.end(), start.get());
    end_ = start.get() + room;
    start_ = std::move(start);
  }

  std::unique_ptr<char[]> start_;
  char* at_ = nullptr;
  char* end_ = nullptr;
  std::size_t numbers_ = 0;
};

}  // namespace core_lib::sql::postgresql
