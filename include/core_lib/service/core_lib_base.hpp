// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "core_lib/connection/any_connection_registry.hpp"
#include "core_lib/service/connection_health.hpp"
#include "core_lib/service/core_lib_listener.hpp"
#include "core_lib/service/subscription.hpp"

namespace core_lib {

class Logger;

/// How a CoreLib ends, and where it speaks.
struct CoreLibOptions {
  /// How long stop() lets running scopes end, over all data sources.
  std::chrono::milliseconds close_timeout = std::chrono::seconds(10);
  std::shared_ptr<Logger> logger{};  ///< Null means default_logger().
};

/// Base of an application's library: the one object that builds its services from a configuration and holds them.
///
/// ```cpp
/// class YourCoreLib : public core_lib::CoreLib {
///  public:
///   explicit YourCoreLib(const core_lib::Config& config) : user(UserDataAccess(own(make_registry(config)))) {}
///   UserService user;
/// };
/// ```
/// It knows no other CoreLib and nothing that is global. Thread safety: all members may be called from any thread.
class CoreLib {
 public:
  CoreLib(const CoreLib&) = delete;
  CoreLib& operator=(const CoreLib&) = delete;
  /// Calls stop(). What a derived class holds is gone by then; where a listener needs it, call stop() in its
  /// destructor.
  virtual ~CoreLib();

  /// Calls on_ready() of every listener, in the order they were attached. Where one throws, the others are not called,
  /// and it may be tried again.
  /// Errors: what the listener threw; UsageError when it is called a second time, or after stop().
  void start();
  /// True from the end of start() to stop().
  [[nodiscard]] bool is_started() const noexcept;
  /// Calls on_destroy() of every listener, in the order they were attached, and then closes the data sources, last one
  /// first. Errors are logged. A second call does nothing.
  void stop() noexcept;

  /// Calls `listener` from now on, until the subscription ends. One that is attached twice is called twice; one that is
  /// attached after start() has missed on_ready().
  /// Lifetime: `listener` must outlive the subscription. A listener must not wait for another thread that attaches or
  /// detaches one.
  [[nodiscard]] Subscription attach(CoreLibListener& listener);

  /// Takes part in a data source: health() asks it, and stop() closes it. Returns it, to be handed on.
  /// Do not let this own what another CoreLib uses too.
  /// Errors: UsageError for null, and after stop().
  template <class Registry>
  std::shared_ptr<Registry> own(std::shared_ptr<Registry> registry) {
    add_connections(registry);
    return registry;
  }
  /// The data sources it owns, in the order they came.
  [[nodiscard]] std::vector<std::shared_ptr<AnyConnectionRegistry>> connections() const;
  /// Pings each data source that it owns, in turn.
  [[nodiscard]] std::vector<ConnectionHealth> health(Deadline deadline) const;

 protected:
  explicit CoreLib(CoreLibOptions options = {});

 private:
  struct State;

  void add_connections(std::shared_ptr<AnyConnectionRegistry> registry);
  void close_connections() noexcept;

  std::unique_ptr<State> state_;
};

}  // namespace core_lib
