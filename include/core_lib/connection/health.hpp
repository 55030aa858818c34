// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <utility>

namespace core_lib {

/// What a ping of a data source found.
struct Health {
  bool healthy = false;
  std::string server_version{};        ///< As the server tells it; empty where it does not.
  std::chrono::nanoseconds latency{};  ///< How long the ping took, also when it failed.
  std::string error{};                 ///< What is wrong, one line; empty when healthy.
};

namespace detail {

/// The unhealthy answer that tells the exception being handled. Call it from a handler only.
[[nodiscard]] Health unhealthy(std::chrono::steady_clock::time_point start) noexcept;

}  // namespace detail

/// Times `probe`, which returns the server's version or throws, and makes a Health of either.
template <class Probe>
[[nodiscard]] Health measure_health(Probe&& probe) noexcept {
  const auto start = std::chrono::steady_clock::now();
  try {
    std::string version = probe();
    return {.healthy = true, .server_version = std::move(version), .latency = std::chrono::steady_clock::now() - start};
  } catch (...) {
    return detail::unhealthy(start);
  }
}

}  // namespace core_lib
