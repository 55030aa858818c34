// SPDX-License-Identifier: Apache-2.0
#include "core_lib/connection/health.hpp"

#include "core_lib/error/current_message.hpp"

namespace core_lib::detail {

Health unhealthy(std::chrono::steady_clock::time_point start) noexcept {
  Health health;
  health.latency = std::chrono::steady_clock::now() - start;
  health.error = current_message();
  if (health.error.empty()) health.error = "no reason given";
  return health;
}

}  // namespace core_lib::detail
