// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>

#include "core_lib/error/error.hpp"
#include "core_lib/sql/sql_connection_registry.hpp"

#include "candidate.hpp"
#include "support/forwarder.hpp"
#include "support/report.hpp"

namespace benchmarks {

/// How long a scope may outlast its deadline where packets vanish: under a statement, under the commit, and before
/// there is a connection.
/// @param db  reaches its server through `network`, which nobody else uses
inline void black_hole(core_lib::SqlConnectionRegistry& db, core_lib::support::Forwarder& network) {
  using core_lib::sql::Session;
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds deadline(200);
  constexpr int times = 15;
  const auto vanish = [&](bool on) {
    network.swallow_requests(on);
    network.swallow_answers(on);
  };
  const auto measure = [&](const std::string& where, const std::function<void()>& before,
                           const std::function<void(Session&)>& work) {
    double longest = 0;
    for (int i = 0; i < times; ++i) {
      before();
      bool failed = false;
      const auto start = Clock::now();
      try {
        db.with({.deadline = deadline}, work);
      } catch (const core_lib::Error&) {
        failed = true;
      }
      const std::chrono::duration<double, std::milli> beyond = Clock::now() - start - deadline;
      require(failed);
      longest = std::max(longest, beyond.count());
      vanish(false);
      network.hold_new_links(false);
    }
    report("a black hole and a deadline of 200 ms", "core_lib", "longest of 15 beyond it, " + where, longest, "ms");
  };
  const auto connect = [&] { db.execute("SELECT 1"); };
  measure("under a statement", connect, [&](Session& session) {
    vanish(true);
    (void)session.execute("SELECT 1");
  });
  int row = 0;
  measure("under the commit", connect, [&](Session& session) {
    (void)session.execute("UPDATE accounts SET visits = 1 WHERE id = " + std::to_string(++row));
    vanish(true);
  });
  const auto disconnect = [&] {
    network.cut();
    network.hold_new_links();
  };
  measure("under connecting", disconnect, [](Session& session) { (void)session.execute("SELECT 1"); });
}

}  // namespace benchmarks
