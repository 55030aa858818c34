// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "core_lib/connection/access.hpp"
#include "core_lib/observability/trace_parent.hpp"
#include "core_lib/sql/isolation.hpp"

namespace core_lib::sql {

/// How one scope works: `db->with({.attempts = 3, .deadline = 2s}, ...)`.
struct ScopeOptions {
  Access access = Access::read_write;
  Isolation isolation = Isolation::engine_default;
  /// How often the body may run in all, where it fails with an error that is_retryable(). It must bear being re-run.
  int attempts = 1;
  /// The longest time for the whole scope, all its attempts and waits included; none by default.
  std::optional<std::chrono::milliseconds> deadline{};
  /// Sent with each statement as an SQL comment, for what the server logs and samples. Such statements are prepared
  /// anew each time.
  std::optional<TraceParent> traceparent{};
};

}  // namespace core_lib::sql
