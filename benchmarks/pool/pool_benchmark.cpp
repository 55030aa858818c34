// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "core_lib/pool/pool.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Nothing {};

core_lib::PoolHooks<Nothing> bare_hooks() {
  return {.connect = [](core_lib::Deadline) { return std::make_unique<Nothing>(); }};
}

// As a connection's registry sets them, with a reset that looks and finds nothing to do.
core_lib::PoolHooks<Nothing> all_hooks() {
  core_lib::PoolHooks<Nothing> hooks = bare_hooks();
  hooks.is_alive = [](Nothing&, core_lib::Deadline) { return true; };
  hooks.reset = [](Nothing&) { return true; };
  return hooks;
}

// The C library has cheaper locks while a process has one thread; a program with a pool seldom has.
void have_two_threads() {
  std::jthread([] {}).join();
}

void acquire_and_release(benchmark::State& state, core_lib::PoolHooks<Nothing> hooks) {
  have_two_threads();
  core_lib::Pool<Nothing> pool({}, std::move(hooks));
  for (auto _ : state) {
    const core_lib::Lease<Nothing> lease = pool.acquire();
    benchmark::DoNotOptimize(lease.get());
  }
}
BENCHMARK_CAPTURE(acquire_and_release, core_lib, bare_hooks())->Repetitions(5);
BENCHMARK_CAPTURE(acquire_and_release, core_lib with all hooks, all_hooks())->Repetitions(5);

// What a pool costs at the least that takes a mutex to lend and to take back.
void two_mutex_pairs(benchmark::State& state) {
  have_two_threads();
  std::mutex mutex;
  for (auto _ : state) {
    for (int i = 0; i < 2; ++i) {
      const std::scoped_lock lock(mutex);
      benchmark::DoNotOptimize(&mutex);
    }
  }
}
BENCHMARK(two_mutex_pairs)->Name("acquire_and_release/raw mutex, twice")->Repetitions(5);

void work_for(Clock::duration time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
  }
}

double percentile(const std::vector<std::int64_t>& sorted, double part) {
  const auto last = static_cast<double>(sorted.size() - 1);
  return static_cast<double>(sorted[static_cast<std::size_t>(last * part)]) / 1000.0;
}

/// What one thread saw.
struct Seen {
  std::vector<std::int64_t> waits;  ///< Nanoseconds.
};

void report_waits(benchmark::State& state, const std::vector<Seen>& crew) {
  std::vector<std::int64_t> waits;
  for (const Seen& seen : crew) waits.insert(waits.end(), seen.waits.begin(), seen.waits.end());
  std::sort(waits.begin(), waits.end());
  state.counters["wait_p50_us"] = percentile(waits, 0.50);
  state.counters["wait_p99_us"] = percentile(waits, 0.99);
  state.counters["wait_p99.9_us"] = percentile(waits, 0.999);
  state.counters["wait_max_us"] = percentile(waits, 1.0);
}

/// Runs the work in so many threads, which all begin together.
template <class Work>
std::vector<Seen> in_threads(int threads, Work work) {
  std::vector<Seen> seen(static_cast<std::size_t>(threads));
  std::barrier start(threads);
  std::vector<std::jthread> crew;
  for (Seen& mine : seen) {
    crew.emplace_back([&] {
      start.arrive_and_wait();
      work(mine);
    });
  }
  crew.clear();
  return seen;
}

template <class Use>
void borrow(core_lib::Pool<Nothing>& pool, Seen& mine, Use use) {
  const auto asked = Clock::now();
  const core_lib::Lease<Nothing> lease = pool.acquire();
  mine.waits.push_back(std::chrono::nanoseconds(Clock::now() - asked).count());
  use();
}

/// Threads share 4 connections for half a second, and hold each for 20 us. A fair pool serves every thread alike.
template <int Threads>
void contended(benchmark::State& state) {
  constexpr std::chrono::milliseconds time(500);
  for (auto _ : state) {
    core_lib::Pool<Nothing> pool({.max_size = 4, .max_overflow = 0}, all_hooks());
    const auto end = Clock::now() + time;
    const std::vector<Seen> crew = in_threads(Threads, [&](Seen& mine) {
      while (Clock::now() < end) borrow(pool, mine, [] { work_for(std::chrono::microseconds(20)); });
    });
    report_waits(state, crew);
    const auto [least, most] = std::minmax_element(
        crew.begin(), crew.end(), [](const Seen& a, const Seen& b) { return a.waits.size() < b.waits.size(); });
    state.counters["acquired a second"] =
        static_cast<double>(pool.statistics().acquired) / std::chrono::duration<double>(time).count();
    // 1 where each thread got the same.
    state.counters["least served by most served"] =
        static_cast<double>(least->waits.size()) / static_cast<double>(std::max<std::size_t>(most->waits.size(), 1));
    state.counters["connects"] = static_cast<double>(pool.statistics().connects);
  }
}
BENCHMARK(contended<1>)->Name("1_thread_on_4")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);
BENCHMARK(contended<2>)->Name("2_threads_on_4")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);
BENCHMARK(contended<8>)->Name("8_threads_on_4")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);
BENCHMARK(contended<32>)->Name("32_threads_on_4")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);

/// HikariCP's test of a spike: 50 threads want one query of 2 ms each, at once, of a pool with 5 connections that may
/// grow to 50, where connecting takes 150 ms. The few that are there serve all long before new ones are open.
void spike(benchmark::State& state) {
  constexpr int threads = 50;
  for (auto _ : state) {
    core_lib::PoolHooks<Nothing> hooks = all_hooks();
    hooks.connect = [](core_lib::Deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(150));
      return std::make_unique<Nothing>();
    };
    core_lib::Pool<Nothing> pool({.max_size = threads, .max_overflow = 0, .min_idle = 5}, std::move(hooks));
    while (pool.statistics().idle < 5) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const auto start = Clock::now();
    const std::vector<Seen> crew = in_threads(threads, [&](Seen& mine) {
      borrow(pool, mine, [] { std::this_thread::sleep_for(std::chrono::milliseconds(2)); });
    });
    state.counters["all_served_ms"] = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    state.counters["connections when served"] = static_cast<double>(pool.statistics().total);
    report_waits(state, crew);
  }
}
BENCHMARK(spike)->Name("spike_of_50_on_5")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
