// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace core_lib {

/// How a Pool behaves. A value that makes no sense is refused by the pool's constructor, never corrected.
struct PoolOptions {
  /// Names the pool in messages and statistics.
  std::string name = "pool";
  /// The most connections that stay open while nobody uses them; at least 1.
  std::size_t max_size = 5;
  /// How many more may be open at a time; they close when they come back and `max_size` are idle already.
  std::size_t max_overflow = 10;
  /// The longest an acquire waits; a deadline may end it sooner.
  std::chrono::milliseconds acquire_timeout{30'000};
  /// How many idle connections are kept ready in the background; at most `max_size`.
  std::size_t min_idle = 0;
  /// An idle connection beyond `min_idle` is closed after this long; 0 keeps it.
  std::chrono::milliseconds idle_timeout{600'000};
  /// A connection is replaced at this age, less its share of lifetime_jitter, once it is not in use; 0 keeps it.
  std::chrono::milliseconds max_lifetime{3'200'000};
  /// The part of max_lifetime over which ages are spread, so that what was opened together is not closed together.
  double lifetime_jitter = 0.025;
  /// A connection that was idle this long is checked before it is handed out.
  std::chrono::milliseconds validate_after_idle{500};
  /// Checks a connection at every acquire, at the price of a round trip.
  bool pre_ping = false;
  /// A lease held longer is reported in the log with the place that acquired it; 0 reports none.
  std::chrono::milliseconds leak_threshold{0};
};

}  // namespace core_lib
