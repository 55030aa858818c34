// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "core_lib/connection/connection.hpp"
#include "core_lib/connection/run_scope.hpp"
#include "core_lib/observability/deadline.hpp"

namespace core_lib {

/// How an object of your own becomes a data source: see ObjectConnectionRegistry. Every callback may be left out, and
/// may be called from any thread.
template <class T>
struct ObjectCallbacks {
  /// Makes the client of one scope from the shared object. Left out: the shared object is the client of every scope.
  std::function<std::shared_ptr<T>(T& object)> open{};
  /// Ends a scope, with the client and with what the scope failed with; null means success. Where it throws after a
  /// success, the caller of with() gets that.
  std::function<void(T& client, std::exception_ptr failure)> close{};
  /// Asks the shared object whether it answers: returns the server's version, or throws.
  std::function<std::string(T& object, Deadline deadline)> ping{};
};

namespace detail {

/// What a registry shares with its connections, which may outlive it.
template <class T>
struct ObjectSource {
  ObjectCallbacks<T> callbacks;
  std::shared_ptr<Logger> logger;
};

/// Throws a UsageError that says how a connection is used.
[[noreturn]] void throw_connection_misuse();
[[noreturn]] void throw_no_client();

}  // namespace detail

/// One scope of work with any object: ObjectConnectionRegistry makes it.
template <class T>
class ObjectConnection final : public Connection<T> {
 public:
  ObjectConnection(std::shared_ptr<T> object, std::shared_ptr<const detail::ObjectSource<T>> source) noexcept
      : object_(std::move(object)), source_(std::move(source)) {}

  ~ObjectConnection() override {
    if (client_ != nullptr) abandon_scope(*this, source_->logger.get());
  }

  T& enter() override {
    if (entered_) detail::throw_connection_misuse();
    entered_ = true;
    client_ = source_->callbacks.open ? source_->callbacks.open(*object_) : object_;
    if (client_ == nullptr) detail::throw_no_client();
    return *client_;
  }

  void exit(std::exception_ptr failure) override {
    if (client_ == nullptr) detail::throw_connection_misuse();
    const std::shared_ptr<T> object = std::move(object_);  // both are given back, also where the callback throws
    const std::shared_ptr<T> client = std::move(client_);
    if (source_->callbacks.close) source_->callbacks.close(*client, std::move(failure));
  }

 private:
  std::shared_ptr<T> object_;  // declared first: a client may refer to it
  std::shared_ptr<const detail::ObjectSource<T>> source_;
  std::shared_ptr<T> client_{};  // set between enter() and exit()
  bool entered_ = false;
};

}  // namespace core_lib
