// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core_lib/sql/sql_connection_registry.hpp"

#include "candidate.hpp"
#include "support/memory.hpp"
#include "support/report.hpp"

/// A row of the view `numbers`, which a benchmark makes.
struct Number {
  std::int64_t id{};
  std::string text;
};
template <>
struct core_lib::Entity<Number> : core_lib::entity<"numbers", core_lib::key<&Number::id>> {};

namespace benchmarks {

/// How far reading 10 million rows lifts the process above what it had when it was idle and connected.
inline void stream_memory(core_lib::SqlConnectionRegistry& db) {
  constexpr std::int64_t rows = 10'000'000;
  require(db.ping(core_lib::Deadline::never()).healthy);
  const auto start = std::chrono::steady_clock::now();
  std::int64_t sum = 0;
  const double memory = peak_above_idle([&] {
    db.with([&](core_lib::sql::Session& session) {
      for (const Number& number : session.query<Number>().stream()) sum += number.id;
    });
  });
  require(sum == rows * (rows + 1) / 2);
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start;
  report("stream 10,000,000 rows", "core_lib", "peak memory above idle", memory, "MiB");
  report("stream 10,000,000 rows", "core_lib", "wall time per row", wall.count() / static_cast<double>(rows), "us");
}

}  // namespace benchmarks
