// SPDX-License-Identifier: Apache-2.0
#include "sql/bounded_call.hpp"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include <sys/types.h>
#include <unistd.h>

namespace core_lib::sql {

struct BoundedCall::Outcome {
  std::mutex mutex;
  std::condition_variable returned;
  bool done = false;
  std::exception_ptr failure;

  bool wait(Deadline deadline) {
    std::unique_lock lock(mutex);
    const auto is_done = [&] { return done; };
    if (!deadline.is_never()) return returned.wait_until(lock, deadline.at(), is_done);
    returned.wait(lock, is_done);
    return true;
  }
};

// Not the thread's own, as the outcome is: it ends with whoever may still ask.
struct BoundedCall::Running {
  ~Running() {
    if (!thread.joinable()) return;
    if (is_of_this_process()) {
      thread.detach();
    } else {
      new std::thread(std::move(thread));  // a fork left the thread behind, and its number may be another's by now
    }
  }
  bool is_of_this_process() const noexcept { return process == getpid(); }

  const std::shared_ptr<Outcome> outcome = std::make_shared<Outcome>();
  const pid_t process = getpid();
  std::mutex joining;
  bool started = true;
  std::thread thread;
};

BoundedCall::BoundedCall(std::function<void()> call) : running_(std::make_shared<Running>()) {
  try {
    running_->thread = std::thread([outcome = running_->outcome, call = std::move(call)]() mutable {
      std::exception_ptr failure;
      try {
        call();
      } catch (...) {
        failure = std::current_exception();
      }
      call = nullptr;
      const std::scoped_lock lock(outcome->mutex);
      outcome->failure = std::move(failure);
      outcome->done = true;
      outcome->returned.notify_all();
    });
  } catch (const std::system_error&) {
    running_->started = false;
  }
}

bool BoundedCall::has_started() const noexcept { return running_->started; }

bool BoundedCall::has_ended(Deadline deadline) const {
  if (!running_->started || !running_->outcome->wait(deadline)) return false;
  const std::scoped_lock lock(running_->joining);
  if (running_->thread.joinable() && running_->is_of_this_process()) running_->thread.join();
  return true;
}

bool BoundedCall::wait(Deadline deadline) const {
  if (!has_ended(deadline)) return false;
  if (running_->outcome->failure) std::rethrow_exception(running_->outcome->failure);
  return true;
}

}  // namespace core_lib::sql
