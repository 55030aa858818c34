// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
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

/// 8 threads share 2 connections and hold each for 20 us. A fair pool serves every thread alike.
void contended(benchmark::State& state) {
  constexpr int threads = 8;
  constexpr int rounds = 2000;
  for (auto _ : state) {
    core_lib::Pool<Nothing> pool({.max_size = 2, .max_overflow = 0}, all_hooks());
    std::mutex mutex;
    std::vector<std::int64_t> waits;
    std::vector<Clock::time_point> ends;
    {
      std::vector<std::jthread> crew;
      for (int t = 0; t < threads; ++t) {
        crew.emplace_back([&] {
          std::vector<std::int64_t> mine;
          for (int i = 0; i < rounds; ++i) {
            const auto asked = Clock::now();
            const core_lib::Lease<Nothing> lease = pool.acquire();
            mine.push_back(std::chrono::nanoseconds(Clock::now() - asked).count());
            work_for(std::chrono::microseconds(20));
          }
          const std::scoped_lock lock(mutex);
          waits.insert(waits.end(), mine.begin(), mine.end());
          ends.push_back(Clock::now());
        });
      }
    }
    std::sort(waits.begin(), waits.end());
    state.counters["wait_p50_us"] = percentile(waits, 0.50);
    state.counters["wait_p99_us"] = percentile(waits, 0.99);
    state.counters["wait_max_us"] = percentile(waits, 1.0);
    state.counters["connects"] = static_cast<double>(pool.statistics().connects);
    // How long after the first thread the last one was through: near zero where none starves.
    const auto [first, last] = std::minmax_element(ends.begin(), ends.end());
    state.counters["last_minus_first_us"] = std::chrono::duration<double, std::micro>(*last - *first).count();
  }
}
BENCHMARK(contended)->Name("8_threads_on_2")->Iterations(1)->Repetitions(3)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
