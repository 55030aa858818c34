// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "core_lib/pool/pool.hpp"

namespace core_lib::support {

/// Somewhere to connect to: it counts, fails, hangs and dies as a test tells it.
class FakeServer {
 public:
  /// One connection; ids count from 1.
  struct Connection {
    Connection(FakeServer& of, int number) : server(of), id(number) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
      server.closing_.pass();
      ++server.closed;
    }

    FakeServer& server;
    int id;
    std::atomic<bool> alive{true};
    std::atomic<int> users{0};
  };

  /// A barrier that a test shuts and opens; open at first.
  class Barrier {
   public:
    void shut() {
      const std::scoped_lock lock(mutex_);
      open_ = false;
    }
    void open() {
      const std::scoped_lock lock(mutex_);
      open_ = true;
      changed_.notify_all();
    }
    /// Lets `count` more through, and shuts behind them.
    void let(int count) {
      const std::scoped_lock lock(mutex_);
      tickets_ += count;
      changed_.notify_all();
    }
    void pass() {
      std::unique_lock lock(mutex_);
      ++waiting;
      changed_.wait(lock, [this] { return open_ || tickets_ > 0; });
      --waiting;
      if (!open_) --tickets_;
    }

    std::atomic<int> waiting{0};

   private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    int tickets_ = 0;
  };

  [[nodiscard]] PoolHooks<Connection> hooks() {
    return {.connect = [this](Deadline deadline) { return connect(deadline); },
            .is_alive =
                [this](Connection& connection, Deadline deadline) {
                  ++checked;
                  if (on_check) on_check(deadline);
                  return connection.alive.load();
                },
            .reset =
                [this](Connection&) {
                  ++resets;
                  return on_reset ? on_reset() : true;
                }};
  }

  /// The next `count` attempts fail with this error.
  template <class Failure>
  void fail(int count, Failure failure) {
    const std::scoped_lock lock(mutex_);
    failure_ = std::make_exception_ptr(std::move(failure));
    failures_ = count;
  }

  [[nodiscard]] Barrier& connecting() { return connecting_; }
  [[nodiscard]] Barrier& closing() { return closing_; }

  std::atomic<int> attempts{0};
  std::atomic<int> connected{0};
  std::atomic<int> closed{0};
  std::atomic<int> checked{0};
  std::atomic<int> resets{0};
  std::function<void(Deadline)> on_connect{};
  std::function<void(Deadline)> on_check{};
  std::function<bool()> on_reset{};

 private:
  std::unique_ptr<Connection> connect(Deadline deadline) {
    ++attempts;
    if (on_connect) on_connect(deadline);
    connecting_.pass();
    const std::scoped_lock lock(mutex_);
    if (failures_ > 0) {
      --failures_;
      std::rethrow_exception(failure_);
    }
    return std::make_unique<Connection>(*this, ++connected);
  }

  Barrier connecting_;
  Barrier closing_;
  std::mutex mutex_;
  std::exception_ptr failure_;
  int failures_ = 0;
};

}  // namespace core_lib::support
