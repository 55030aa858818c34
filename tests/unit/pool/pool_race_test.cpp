// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <thread>
#include <vector>

#include "unit/pool/pool_fixture.hpp"

namespace core_lib {
namespace {

/// Many threads under the machine's own clock: what must hold whatever happens in between.
class PoolRaceTest : public PoolTest {
 protected:
  static constexpr int threads = 12;

  template <class Work>
  static void run(Work work) {
    std::vector<std::jthread> crew;
    for (int t = 0; t < threads; ++t) crew.emplace_back([&work, t] { work(static_cast<unsigned>(t)); });
  }
  static void use(FakeServer::Connection& connection) {
    EXPECT_EQ(++connection.users, 1) << "a connection has one user at a time";
    std::this_thread::yield();
    --connection.users;
  }
};

TEST_F(PoolRaceTest, OneUserAtATimeWithinTheLimit) {
  TestPool pool({.max_size = 2, .max_overflow = 1}, server.hooks(), logger);
  run([&](unsigned) {
    for (int i = 0; i < 300; ++i) {
      const TestLease lease = pool.acquire();
      use(*lease);
      EXPECT_LE(server.connected - server.closed, 3 + 1) << "one may still be closing";
    }
  });
  const PoolStatistics end = pool.statistics();
  EXPECT_EQ(end.acquired, static_cast<std::uint64_t>(threads) * 300);
  EXPECT_EQ(end.active, 0U);
  EXPECT_EQ(end.waiting, 0U);
  EXPECT_EQ(end.timeouts, 0U);
}

TEST_F(PoolRaceTest, AMixOfEverythingLosesNothing) {
  TestPool pool({.max_size = 3, .max_overflow = 2, .min_idle = 1, .pre_ping = true}, server.hooks(), logger);
  run([&](unsigned seed) {
    std::minstd_rand random(seed + 1);
    for (int i = 0; i < 200; ++i) {
      switch (random() % 16) {
        case 0:
          pool.invalidate();
          break;
        case 1:
          server.fail(1, ConnectionLost("refused"));
          break;
        case 2:
          (void)pool.statistics();
          break;
        case 3:
          if (const auto lease = pool.try_acquire()) use(**lease);
          break;
        default:
          try {
            TestLease lease = pool.acquire();
            use(*lease);
            if (random() % 8 == 0) lease.discard();
            if (random() % 8 == 0) lease->alive = false;
          } catch (const ConnectionLost&) {
          }
      }
    }
  });
  pool.close();
  EXPECT_EQ(pool.statistics().total, 0U);
  EXPECT_EQ(server.closed, server.connected);
}

TEST_F(PoolRaceTest, WaitersThatGiveUpLoseNothing) {
  TestPool pool({.max_size = 1, .max_overflow = 0}, server.hooks(), logger);
  run([&](unsigned) {
    for (int i = 0; i < 100; ++i) {
      try {
        const TestLease lease = pool.acquire(Deadline::in(std::chrono::microseconds(50)));
        use(*lease);
      } catch (const PoolTimeout&) {
      }
    }
  });
  EXPECT_TRUE(pool.acquire()) << "nothing was lost on the way";
  EXPECT_EQ(pool.statistics().total, 1U);
}

TEST_F(PoolRaceTest, NobodyStarvesOnASaturatedPool) {
  TestPool pool({.max_size = 2, .max_overflow = 0}, server.hooks(), logger);
  std::atomic<int> rounds{0};
  std::vector<int> served(threads);
  run([&](unsigned t) {
    while (rounds++ < 2000) {
      const TestLease lease = pool.acquire();
      use(*lease);
      ++served[t];
    }
  });
  for (const int count : served) EXPECT_GT(count, 0);
}

TEST_F(PoolRaceTest, LeasesMayEndWhileThePoolDoes) {
  for (int round = 0; round < 50; ++round) {
    auto pool = std::make_unique<TestPool>(PoolOptions{.max_size = threads}, server.hooks(), logger);
    std::vector<TestLease> leases;
    for (int i = 0; i < threads; ++i) leases.push_back(pool->acquire());
    run([&](unsigned t) {
      if (t == 0) pool.reset();
      leases[t].release();
    });
    EXPECT_EQ(server.closed, server.connected);
  }
}

TEST_F(PoolRaceTest, AsManyConnectionsAsThreadsAreEnough) {
  TestPool pool({.max_size = 100, .max_overflow = 0}, server.hooks(), logger);
  run([&](unsigned) {
    for (int i = 0; i < 100; ++i) use(*pool.acquire());
  });
  EXPECT_LE(server.connected, threads + 4) << "no more than borrowers, and the attempts under way for them";
}

}  // namespace
}  // namespace core_lib
