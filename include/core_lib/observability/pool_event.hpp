// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string_view>

#include "core_lib/observability/failure.hpp"

namespace core_lib {

/// Something that happened in a Pool.
/// Lifetime: the views last as long as the call that passes them.
struct PoolEvent {
  /// What it was.
  enum class Kind {
    acquired,        ///< A connection was lent; the duration is the wait for it.
    released,        ///< It came back; the duration is the time it was lent, to a few milliseconds.
    timed_out,       ///< None became free in time; the duration is the wait.
    connected,       ///< One was opened; the duration is what that took.
    connect_failed,  ///< The same, in vain; the failure says why.
    closed,          ///< One was closed.
    leaked,          ///< One is lent longer than PoolOptions::leak_threshold; the duration is how long so far.
  };

  Kind kind{};
  std::string_view pool{};  ///< PoolOptions::name.
  std::chrono::nanoseconds duration{};
  Failure failure{};
};

/// The word for it in logs and metrics: "connect_failed".
[[nodiscard]] std::string_view to_string(PoolEvent::Kind kind) noexcept;

}  // namespace core_lib
