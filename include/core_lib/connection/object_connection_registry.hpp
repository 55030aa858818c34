// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/connection/object_connection.hpp"

namespace core_lib {

namespace detail {

[[noreturn]] void throw_no_object();
[[noreturn]] void throw_registry_closed(std::string_view name);

}  // namespace detail

/// What tells one ObjectConnectionRegistry from another.
struct ObjectRegistryOptions {
  std::string name = "object";       ///< For logs and health reports.
  std::shared_ptr<Logger> logger{};  ///< Null means default_logger().
};

/// Makes any object of your own a data source, in a few lines: a client of another library, say.
///
/// ```cpp
/// ObjectConnectionRegistry<Mailer> mail(std::make_shared<Mailer>(), {.close = [](Mailer& mailer, std::exception_ptr
/// failure) {
///   if (failure == nullptr) mailer.flush();
/// }});
/// ```
/// Thread safety: all members may be called from any thread, and then so are the callbacks.
/// Lifetime: the object lives until close() and until the last scope that uses it has ended.
template <class T>
class ObjectConnectionRegistry final : public ConnectionRegistry<ObjectConnection<T>> {
 public:
  /// Errors: UsageError where `object` is null.
  explicit ObjectConnectionRegistry(std::shared_ptr<T> object, ObjectCallbacks<T> callbacks = {},
                                    ObjectRegistryOptions options = {})
      : ConnectionRegistry<ObjectConnection<T>>(options.logger),
        name_(std::move(options.name)),
        source_(std::make_shared<const detail::ObjectSource<T>>(
            detail::ObjectSource<T>{std::move(callbacks), std::move(options.logger)})),
        object_(std::move(object)) {
    if (object_ == nullptr) detail::throw_no_object();
  }

  [[nodiscard]] ObjectConnection<T> get() override { return ObjectConnection<T>(object(), source_); }

  /// The shared object itself, outside of any scope. Errors: UsageError after close().
  [[nodiscard]] std::shared_ptr<T> object() const {
    std::shared_ptr<T> object;
    {
      const std::lock_guard lock(mutex_);
      object = object_;
    }
    if (object == nullptr) detail::throw_registry_closed(name_);
    return object;
  }

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

  /// Healthy while it is open, unless the ping callback throws.
  [[nodiscard]] Health ping(Deadline deadline) override {
    return measure_health([&] {
      const std::shared_ptr<T> shared = object();
      return source_->callbacks.ping ? source_->callbacks.ping(*shared, deadline) : std::string();
    });
  }

  /// Does not wait: running scopes keep the object until they end.
  void close(Deadline /*deadline*/) override {
    std::shared_ptr<T> object;  // destroyed after the lock is gone: its destructor is the user's
    const std::lock_guard lock(mutex_);
    object.swap(object_);
  }

 private:
  std::string name_;
  std::shared_ptr<const detail::ObjectSource<T>> source_;
  mutable std::mutex mutex_;
  std::shared_ptr<T> object_;
};

}  // namespace core_lib
