// SPDX-License-Identifier: Apache-2.0
#include "memcached_connection.hpp"

// [quote registry]
MemcachedConnectionRegistry::MemcachedConnectionRegistry(std::string socket_path)
    : pool_(std::make_shared<core_lib::Pool<MemcachedClient>>(
          core_lib::PoolOptions{.name = "memcached"},
          core_lib::PoolHooks<MemcachedClient>{
              .connect = [path = std::move(socket_path)](
                             core_lib::Deadline deadline) { return std::make_unique<MemcachedClient>(path, deadline); },
              .is_alive = [](MemcachedClient& client,
                             core_lib::Deadline deadline) { return !client.version(deadline).empty(); }})) {}
// [/quote]
