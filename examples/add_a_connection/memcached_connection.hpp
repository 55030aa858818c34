// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/connection/connection_registry.hpp"
#include "core_lib/pool/pool.hpp"

#include "memcached_client.hpp"

// [quote connection]
/// One scope with a client of memcached.
class MemcachedConnection final : public core_lib::Connection<MemcachedClient> {
 public:
  explicit MemcachedConnection(std::shared_ptr<core_lib::Pool<MemcachedClient>> pool) : pool_(std::move(pool)) {}
  ~MemcachedConnection() override {
    if (lease_) core_lib::abandon_scope(*this);  // entered and not exited: this calls exit() with a failure
  }

  MemcachedClient& enter() override {
    lease_ = pool_->acquire();
    return *lease_;
  }
  void exit(std::exception_ptr /*failure*/) override {  // memcached keeps what was set: there is nothing to undo
    if (lease_->is_broken()) lease_.discard();
    lease_.release();
  }

 private:
  std::shared_ptr<core_lib::Pool<MemcachedClient>> pool_;
  core_lib::Lease<MemcachedClient> lease_{};
};
// [/quote]

// [quote registry]
/// A memcached server, with a pool of clients.
class MemcachedConnectionRegistry final : public core_lib::ConnectionRegistry<MemcachedConnection> {
 public:
  explicit MemcachedConnectionRegistry(std::string socket_path);
  MemcachedConnection get() override { return MemcachedConnection(pool_); }
  std::string_view name() const noexcept override { return "memcached"; }
  core_lib::Health ping(core_lib::Deadline deadline) override {
    return core_lib::measure_health([&] { return pool_->acquire(deadline)->version(deadline); });
  }
  std::optional<core_lib::PoolStatistics> pool_statistics() const override { return pool_->statistics(); }
  void close(core_lib::Deadline deadline) override { pool_->close(deadline); }

 private:
  std::shared_ptr<core_lib::Pool<MemcachedClient>> pool_;
};
// [/quote]
