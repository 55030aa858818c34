// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "core_lib/connection/health.hpp"
#include "core_lib/observability/deadline.hpp"
#include "core_lib/pool/pool_statistics.hpp"

namespace core_lib {

/// What an application can ask of any data source without knowing which one it is.
/// Thread safety: all members may be called from any thread.
class AnyConnectionRegistry {
 public:
  AnyConnectionRegistry() = default;
  AnyConnectionRegistry(const AnyConnectionRegistry&) = delete;
  AnyConnectionRegistry& operator=(const AnyConnectionRegistry&) = delete;
  virtual ~AnyConnectionRegistry() = default;

  /// Tells data sources apart in logs and health reports. Without secrets; valid as long as the registry.
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Asks the source whether it answers. An unhealthy or closed source is a Health that says so, not an exception.
  [[nodiscard]] virtual Health ping(Deadline deadline) = 0;

  /// The state of the pool, or nothing where there is none.
  [[nodiscard]] virtual std::optional<PoolStatistics> pool_statistics() const { return std::nullopt; }

  /// Takes no new scopes from now on (UsageError), lets running ones end until `deadline`, and gives everything back.
  /// What is held by a scope at the deadline is given back when that scope ends. A second call does nothing.
  virtual void close(Deadline deadline) = 0;
};

}  // namespace core_lib
