// SPDX-License-Identifier: Apache-2.0
#include "sql/bounded_call.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace core_lib::sql {

struct BoundedCall::State {
  std::mutex mutex;
  std::condition_variable returned;
  bool started = true;
  bool done = false;
  std::exception_ptr failure;
};

BoundedCall::BoundedCall(std::function<void()> call) : state_(std::make_shared<State>()) {
  try {
    std::thread([state = state_, call = std::move(call)]() mutable {
      std::exception_ptr failure;
      try {
        call();
      } catch (...) {
        failure = std::current_exception();
      }
      call = nullptr;
      const std::scoped_lock lock(state->mutex);
      state->failure = std::move(failure);
      state->done = true;
      state->returned.notify_all();
    }).detach();
  } catch (const std::system_error&) {
    state_->started = false;
  }
}

bool BoundedCall::has_started() const noexcept { return state_->started; }

bool BoundedCall::has_ended(Deadline deadline) const {
  std::unique_lock lock(state_->mutex);
  if (!state_->started) return false;
  const auto done = [&] { return state_->done; };
  if (!deadline.is_never()) return state_->returned.wait_until(lock, deadline.at(), done);
  state_->returned.wait(lock, done);
  return true;
}

bool BoundedCall::wait(Deadline deadline) const {
  if (!has_ended(deadline)) return false;
  if (state_->failure) std::rethrow_exception(state_->failure);
  return true;
}

}  // namespace core_lib::sql
