// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdlib>

namespace benchmarks {

inline constexpr std::int64_t row_count = 1'000'000;
inline constexpr const char* rows_query =
    "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, [id, id + 1, id + 2] AS marks";
inline constexpr const char* structs_query =
    "UNWIND range(1, 1000000) AS id RETURN id, 'name ' + id AS name, id * 1.5 AS score";
inline constexpr const char* one_query = "RETURN $number AS number";

/// What a subject adds up of all that it reads, so that nothing stays unread; checked roughly, to be the same for all.
inline void check_sum(std::int64_t sum) {
  if (sum < row_count * row_count / 2) std::abort();
}
inline void check_number(std::int64_t number) {
  if (number != 7) std::abort();
}

}  // namespace benchmarks
