// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "integration/ledger/settings.hpp"
#include "integration/ledger/worker.hpp"

namespace core_lib::ledger {

/// All workers: threads of this process or, for an engine without a server, of processes that may be killed.
class Crew {
 public:
  Crew(const Settings& settings, JournalFile& journal, Ambush& ambush);
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  /// kill -9 for one of the processes, and another in its place.
  void kill_one(std::minstd_rand& random);
  /// Holds one of the processes still for a while, whatever it holds.
  void freeze_one(std::minstd_rand& random, std::chrono::milliseconds time);
  [[nodiscard]] PoolStatistics pool_statistics() const {
    return db_ ? db_->pool_statistics().value() : PoolStatistics();
  }
  /// Lets all of them finish the transfer that they are at.
  void stop();

  /// What runs in a process of its own, until SIGTERM.
  static int run_process(const Settings& settings);

 private:
  [[nodiscard]] pid_t spawn();
  [[nodiscard]] std::size_t one_of(std::minstd_rand& random) const;

  const Settings& settings_;
  std::shared_ptr<SqlConnectionRegistry> db_;  // of the threads
  std::vector<std::jthread> threads_;
  std::vector<pid_t> processes_;
  std::int64_t spawned_ = 0;
};

}  // namespace core_lib::ledger
