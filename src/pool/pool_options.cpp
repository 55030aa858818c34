// SPDX-License-Identifier: Apache-2.0
#include "pool/pool_options.hpp"

#include <fmt/format.h>

#include "core_lib/error/error.hpp"

namespace core_lib::pool {
namespace {

// Far beyond any use, and small enough that no sum of sizes overflows.
constexpr std::size_t most_connections = 1'000'000;
// A century: longer times overflow when they are added to the clock.
constexpr std::chrono::milliseconds longest = std::chrono::hours(24 * 36'525);

[[noreturn]] void refuse(const PoolOptions& options, std::string_view option, std::string_view accepted) {
  throw ConfigError(fmt::format("pool '{}': option {} must be {}", options.name, option, accepted));
}

void check_time(const PoolOptions& options, std::string_view option, std::chrono::milliseconds value,
                std::chrono::milliseconds least) {
  if (value >= least && value <= longest) return;
  refuse(options, option,
         fmt::format("from {} to {} milliseconds, not {}", least.count(), longest.count(), value.count()));
}

}  // namespace

void check(const PoolOptions& options) {
  using std::chrono::milliseconds;
  if (options.max_size < 1 || options.max_size > most_connections) {
    refuse(options, "max_size", fmt::format("from 1 to {}, not {}", most_connections, options.max_size));
  }
  if (options.max_overflow > most_connections) {
    refuse(options, "max_overflow", fmt::format("from 0 to {}, not {}", most_connections, options.max_overflow));
  }
  if (options.min_idle > options.max_size) {
    refuse(options, "min_idle", fmt::format("from 0 to max_size ({}), not {}", options.max_size, options.min_idle));
  }
  check_time(options, "acquire_timeout", options.acquire_timeout, milliseconds(1));
  check_time(options, "idle_timeout", options.idle_timeout, milliseconds(0));
  check_time(options, "max_lifetime", options.max_lifetime, milliseconds(0));
  if (!(options.lifetime_jitter >= 0 && options.lifetime_jitter <= 0.5)) {
    refuse(options, "lifetime_jitter", fmt::format("from 0 to 0.5, not {}", options.lifetime_jitter));
  }
  check_time(options, "validate_after_idle", options.validate_after_idle, milliseconds(0));
  check_time(options, "leak_threshold", options.leak_threshold, milliseconds(0));
}

}  // namespace core_lib::pool
