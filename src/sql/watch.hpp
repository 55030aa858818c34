// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <string_view>

#include "core_lib/observability/observer.hpp"

namespace core_lib::sql::detail {

class Database;

/// One observed run of a statement, from its start to its end.
class QueryWatch {
 public:
  QueryWatch(Database& database, std::uint64_t transaction) noexcept;

  /// @param statement  its fingerprint, which stays until the end
  void started(std::string_view statement) noexcept;
  void count_row() noexcept { ++rows_; }
  void ended() noexcept { ended({}); }
  /// The same for a statement without rows of its own.
  void ended_having_matched(std::uint64_t rows) noexcept {
    rows_ = rows;
    ended();
  }
  void failed(const std::exception_ptr& error) noexcept { ended(Failure::of(error)); }
  /// The same for one that could not be prepared.
  void failed(const std::exception_ptr& error, std::string_view statement) noexcept;

 private:
  void ended(Failure failure) noexcept;

  Observer& observer_;
  ObservedQuery query_;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
  std::uint64_t rows_ = 0;
};

}  // namespace core_lib::sql::detail
