// SPDX-License-Identifier: Apache-2.0
#include "memcached_connection.hpp"

#include "contract/connection_contract.hpp"
#include "memcached_server.hpp"

// [quote contract]
struct MemcachedContext {
  using Registry = MemcachedConnectionRegistry;
  static constexpr bool transactional = false;

  Registry& registry() { return memcached; }
  void work(MemcachedClient& client, int number) { client.set(std::to_string(number), "done"); }
  bool kept(int number) { return MemcachedClient(server.socket_path(), {}).get(std::to_string(number)) == "done"; }
  int held() { return static_cast<int>(memcached.pool_statistics()->active); }

  MemcachedServer server;
  MemcachedConnectionRegistry memcached{server.socket_path()};
};
namespace core_lib::contract {
INSTANTIATE_TYPED_TEST_SUITE_P(Memcached, ConnectionContract, MemcachedContext);
INSTANTIATE_TYPED_TEST_SUITE_P(Memcached, ConcurrentScopesContract, MemcachedContext);
}  // namespace core_lib::contract
// [/quote]

// [quote test]
TEST(MemcachedConnectionTest, ServerThatComesBackIsUsedAgain) {
  MemcachedServer server;
  MemcachedConnectionRegistry memcached(server.socket_path());
  const auto set = [](MemcachedClient& client) { client.set("key", "value"); };
  memcached.with(set);
  server.kill();
  EXPECT_THROW(memcached.with(set), core_lib::ConnectionLost);
  server.start();
  memcached.with(set);
}
// [/quote]
