// SPDX-License-Identifier: Apache-2.0
#include "core_lib/service/core_lib_base.hpp"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/observability/logger.hpp"

#include "service/listener_list.hpp"

namespace core_lib {
namespace {

enum class Phase { idle, starting, started, stopped };

}  // namespace

struct CoreLib::State {
  explicit State(CoreLibOptions given) : options(std::move(given)) {
    if (options.logger == nullptr) options.logger = default_logger();
  }

  /// Logs the exception being handled.
  void log_failure(std::string_view what) const noexcept {
    try {
      options.logger->write(LogLevel::error, "core_lib", std::string(what) + ": " + current_message());
    } catch (...) {  // no memory to tell that something failed
    }
  }

  CoreLibOptions options;
  std::shared_ptr<detail::ListenerList> listeners = std::make_shared<detail::ListenerList>();
  std::atomic<Phase> phase = Phase::idle;  // changed under the lock of the listeners
  mutable std::mutex mutex;                // guards connections
  std::vector<std::shared_ptr<AnyConnectionRegistry>> connections;
};

CoreLib::CoreLib(CoreLibOptions options) : state_(std::make_unique<State>(std::move(options))) {}

CoreLib::~CoreLib() { stop(); }

void CoreLib::start() {
  State& state = *state_;
  const std::lock_guard lock(state.listeners->mutex());
  if (state.phase == Phase::stopped) throw UsageError("start() was called after stop()");
  if (state.phase != Phase::idle) throw UsageError("start() was called twice");
  state.phase = Phase::starting;
  try {
    state.listeners->each([&](CoreLibListener& listener) {
      listener.on_ready();
      return state.phase == Phase::starting;
    });
  } catch (...) {
    if (state.phase == Phase::starting) state.phase = Phase::idle;
    throw;
  }
  if (state.phase == Phase::starting) state.phase = Phase::started;
}

bool CoreLib::is_started() const noexcept { return state_->phase == Phase::started; }

void CoreLib::stop() noexcept {
  State& state = *state_;
  {
    const std::lock_guard lock(state.listeners->mutex());
    if (state.phase == Phase::stopped) return;
    state.phase = Phase::stopped;
    state.listeners->each([&](CoreLibListener& listener) {
      try {
        listener.on_destroy();
      } catch (...) {
        state.log_failure("a listener failed at the end of a CoreLib");
      }
      return true;
    });
  }
  close_connections();
}

Subscription CoreLib::attach(CoreLibListener& listener) {
  return {state_->listeners, state_->listeners->add(listener)};
}

void CoreLib::add_connections(std::shared_ptr<AnyConnectionRegistry> registry) {
  if (registry == nullptr) throw UsageError("own() was called with a null registry");
  const std::lock_guard lock(state_->mutex);
  if (state_->phase == Phase::stopped) throw UsageError("own() was called after stop()");
  auto& connections = state_->connections;
  if (std::find(connections.begin(), connections.end(), registry) == connections.end()) {
    connections.push_back(std::move(registry));
  }
}

std::vector<std::shared_ptr<AnyConnectionRegistry>> CoreLib::connections() const {
  const std::lock_guard lock(state_->mutex);
  return state_->connections;
}

std::vector<ConnectionHealth> CoreLib::health(Deadline deadline) const {
  std::vector<ConnectionHealth> found;
  for (const auto& registry : connections()) {
    found.push_back({std::string(registry->name()), registry->ping(deadline)});
  }
  return found;
}

void CoreLib::close_connections() noexcept {
  {
    const std::lock_guard lock(state_->mutex);
  }  // after an own() that runs now, the list changes no more
  const Deadline deadline = Deadline::in(state_->options.close_timeout);
  for (auto registry = state_->connections.rbegin(); registry != state_->connections.rend(); ++registry) {
    try {
      (*registry)->close(deadline);
    } catch (...) {
      state_->log_failure("a data source could not be closed");
    }
  }
}

}  // namespace core_lib
