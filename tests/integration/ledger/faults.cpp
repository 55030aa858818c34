// SPDX-License-Identifier: Apache-2.0
#include "integration/ledger/faults.hpp"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "core_lib/config/instantiate_config.hpp"

#include "integration/ledger/bank.hpp"

namespace core_lib::ledger {

using std::chrono::milliseconds;
using Stream = support::FaultProxy::Stream;

const Faults::Named Faults::all[] = {
    {"cut", &Faults::cut},
    {"reset", &Faults::reset},
    {"delay", &Faults::delay},
    {"black_hole", &Faults::black_hole},
    {"black_hole_of_requests", &Faults::black_hole_of_requests},
    {"black_hole_of_answers", &Faults::black_hole_of_answers},
    {"cut_in_a_request", &Faults::cut_in_a_request},
    {"cut_in_an_answer", &Faults::cut_in_an_answer},
    {"lose_a_commit", &Faults::lose_a_commit},
    {"lose_the_answer_to_a_commit", &Faults::lose_the_answer_to_a_commit},
    {"delay_a_commit", &Faults::delay_a_commit},
    {"terminate_sessions", &Faults::terminate_sessions},
    {"crash", &Faults::crash},
    {"fail_over", &Faults::fail_over},
    {"kill_a_process", &Faults::kill_a_process},
    {"freeze_a_process", &Faults::freeze_a_process},
    {"hold_the_lock", &Faults::hold_the_lock},
};

Faults::Faults(const Settings& settings, Crew& crew, Ambush& ambush, Server* server)
    : settings_(settings),
      crew_(crew),
      ambush_(ambush),
      server_(server),
      random_(static_cast<std::minstd_rand::result_type>(settings.seed)) {
  if (server_ == nullptr) holder_ = instantiate_config<SqlConnectionRegistry>(settings.config.at("administrator"));
}

std::vector<std::string> Faults::shuffled_round() {
  std::vector<std::string> round;
  const Config counts = settings_.config.at("round");
  for (const std::string& name : counts.keys()) {
    round.insert(round.end(), counts[name].as<std::size_t>(), name);
  }
  std::shuffle(round.begin(), round.end(), random_);
  return round;
}

bool Faults::strike(const std::string& name) {
  const auto* const found =
      std::find_if(std::begin(all), std::end(all), [&](const Named& one) { return one.name == name; });
  if (found == std::end(all)) throw std::runtime_error("the configuration names a fault that is none: " + name);
  return (this->*found->fault)();
}

/// Lets a fault of the network be felt, and heals it.
bool Faults::last(milliseconds time) {
  std::this_thread::sleep_for(time);
  server_->network().heal();
  return true;
}

milliseconds Faults::longer_than_a_scope() const { return settings_.work.deadline + milliseconds(50); }

bool Faults::cut() {
  server_->network().cut();
  return last(milliseconds(20));
}

bool Faults::reset() {
  server_->network().reset();
  return last(milliseconds(20));
}

bool Faults::delay() {
  server_->network().delay(settings_.work.deadline / 8);
  return last(settings_.work.deadline);
}

bool Faults::black_hole() {
  server_->network().black_hole();
  return last(longer_than_a_scope());
}

bool Faults::black_hole_of_requests() {
  server_->network().black_hole(Stream::upstream);
  return last(longer_than_a_scope());
}

bool Faults::black_hole_of_answers() {
  server_->network().black_hole(Stream::downstream);
  return last(longer_than_a_scope());
}

bool Faults::cut_in_a_request() {
  server_->network().limit(Stream::upstream, some_bytes());
  return last(milliseconds(30));
}

bool Faults::cut_in_an_answer() {
  server_->network().limit(Stream::downstream, some_bytes());
  return last(milliseconds(30));
}

bool Faults::lose_a_commit() {
  const bool struck = ambush_.lay([&] { server_->network().limit(Stream::upstream, 0); }, milliseconds(5000));
  return last(milliseconds(20)) && struck;
}

bool Faults::lose_the_answer_to_a_commit() {
  const bool struck = ambush_.lay([&] { server_->network().limit(Stream::downstream, 0); }, milliseconds(5000));
  return last(milliseconds(20)) && struck;
}

// Beyond the deadline of its scope, and then it arrives.
bool Faults::delay_a_commit() {
  const bool struck = ambush_.lay([&] { server_->network().delay(longer_than_a_scope()); }, milliseconds(5000));
  return last(longer_than_a_scope()) && struck;
}

bool Faults::terminate_sessions() {
  server_->terminate_sessions();
  return true;
}

bool Faults::crash() {
  server_->crash();
  server_->resume();
  return true;
}

bool Faults::fail_over() {
  server_->fail_over();
  return true;
}

bool Faults::kill_a_process() {
  crew_.kill_one(random_);
  return true;
}

bool Faults::freeze_a_process() {
  crew_.freeze_one(random_, longer_than_a_scope());
  return true;
}

bool Faults::hold_the_lock() {
  holder_->with([&](sql::Session& session) {
    (void)session.query<Account>().filter(accounts::id == 1).update(accounts::balance = accounts::balance + 0);
    std::this_thread::sleep_for(longer_than_a_scope());
  });
  return true;
}

}  // namespace core_lib::ledger
