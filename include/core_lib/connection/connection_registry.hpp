// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "core_lib/connection/any_connection_registry.hpp"
#include "core_lib/connection/connection.hpp"
#include "core_lib/connection/run_scope.hpp"
#include "core_lib/registry/registry.hpp"

namespace core_lib {

/// The long-lived end of a data source: owns its pool, driver or client, and makes a connection for each scope.
/// Thread safety: get() and with() may be called from any thread.
///
/// @tparam C  a class that extends Connection; it need not be movable
template <class C>
class ConnectionRegistry : public Registry<C>, public AnyConnectionRegistry {
 public:
  using connection_type = C;
  using client_type = typename C::client_type;

  /// A fresh connection, not yet entered. Errors: UsageError after close().
  [[nodiscard]] C get() override = 0;

  /// Runs `fn(client)` in a scope of its own and returns its value once exit() has kept the work: see run_scope().
  template <class Fn>
  auto with(Fn&& fn) -> detail::scope_result_t<client_type, Fn> {
    C connection = get();
    return run_scope(connection, std::forward<Fn>(fn), logger_.get());
  }

 protected:
  /// @param logger  hears of a scope that failed and could not be given back cleanly; null means default_logger()
  explicit ConnectionRegistry(std::shared_ptr<Logger> logger = nullptr) : logger_(std::move(logger)) {}

  /// As given; may be null.
  [[nodiscard]] const std::shared_ptr<Logger>& logger() const noexcept { return logger_; }

 private:
  std::shared_ptr<Logger> logger_;
};

}  // namespace core_lib
