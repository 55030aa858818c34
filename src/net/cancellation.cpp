// SPDX-License-Identifier: Apache-2.0
#include "net/cancellation.hpp"

#include <sys/socket.h>

#include "core_lib/observability/clock.hpp"

namespace core_lib::net {

void Cancellation::cancel() noexcept {
  const std::scoped_lock lock(mutex_);
  cancelled_ = true;
  for (const int socket : sockets_) ::shutdown(socket, SHUT_RDWR);
  changed_.notify_all();
}

bool Cancellation::is_cancelled() const noexcept {
  const std::scoped_lock lock(mutex_);
  return cancelled_;
}

void Cancellation::watch(int socket) {
  const std::scoped_lock lock(mutex_);
  sockets_.insert(socket);
  if (cancelled_) ::shutdown(socket, SHUT_RDWR);
}

void Cancellation::forget(int socket) noexcept {
  const std::scoped_lock lock(mutex_);
  sockets_.erase(socket);
}

void Cancellation::wait(Deadline deadline, const std::function<bool()>& ready) {
  std::unique_lock lock(mutex_);
  const auto done = [&] { return cancelled_ || ready(); };
  if (deadline.is_never()) {
    changed_.wait(lock, done);
  } else {
    changed_.wait_until(lock, deadline.at(), done);
  }
}

bool Cancellation::sleep(Clock& clock, Deadline until) {
  std::unique_lock lock(mutex_);
  while (!cancelled_ && clock.wait_until(changed_, lock, until)) continue;
  return !cancelled_;
}

void Cancellation::wake() noexcept {
  const std::scoped_lock lock(mutex_);
  changed_.notify_all();
}

}  // namespace core_lib::net
