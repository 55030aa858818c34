// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "integration/ledger/ambush.hpp"
#include "integration/ledger/crew.hpp"
#include "integration/ledger/server.hpp"

namespace core_lib::ledger {

/// What can go wrong, by name. Each strikes, lasts for its time, and is healed when it returns.
class Faults {
 public:
  /// @param server  null for an engine without one
  Faults(const Settings& settings, Crew& crew, Ambush& ambush, Server* server);

  /// The faults of one round in random order, each as often as the configuration says.
  [[nodiscard]] std::vector<std::string> shuffled_round();
  /// @return false where it found nothing to strike
  bool strike(const std::string& name);

 private:
  using Fault = bool (Faults::*)();
  struct Named {
    const char* name;
    Fault fault;
  };
  static const Named all[];

  bool cut();
  bool reset();
  bool delay();
  bool black_hole();
  bool black_hole_of_requests();
  bool black_hole_of_answers();
  bool cut_in_a_request();
  bool cut_in_an_answer();
  bool lose_a_commit();
  bool lose_the_answer_to_a_commit();
  bool delay_a_commit();
  bool terminate_sessions();
  bool crash();
  bool fail_over();
  bool kill_a_process();
  bool freeze_a_process();
  bool hold_the_lock();

  bool last(std::chrono::milliseconds time);
  [[nodiscard]] std::chrono::milliseconds longer_than_a_scope() const;
  [[nodiscard]] std::size_t some_bytes() { return std::uniform_int_distribution<std::size_t>(0, 1500)(random_); }

  const Settings& settings_;
  Crew& crew_;
  Ambush& ambush_;
  Server* server_;
  std::shared_ptr<SqlConnectionRegistry> holder_;  // holds the lock, where there is one
  std::minstd_rand random_;
};

}  // namespace core_lib::ledger
