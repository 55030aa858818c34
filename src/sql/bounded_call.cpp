// SPDX-License-Identifier: Apache-2.0
#include "sql/bounded_call.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace core_lib::sql {

struct BoundedCall::State {
  std::mutex mutex;
  std::condition_variable returned;
  bool done = false;
};

BoundedCall::BoundedCall(std::function<void()> call) : state_(std::make_shared<State>()) {
  std::thread([state = state_, call = std::move(call)]() mutable {
    call();
    call = nullptr;
    const std::scoped_lock lock(state->mutex);
    state->done = true;
    state->returned.notify_all();
  }).detach();
}

bool BoundedCall::wait(Deadline deadline) const {
  std::unique_lock lock(state_->mutex);
  const auto done = [&] { return state_->done; };
  if (!deadline.is_never()) return state_->returned.wait_until(lock, deadline.at(), done);
  state_->returned.wait(lock, done);
  return true;
}

}  // namespace core_lib::sql
