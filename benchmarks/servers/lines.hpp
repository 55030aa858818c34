// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "candidate.hpp"
#include "support/counted_malloc.hpp"
#include "support/forwarder.hpp"
#include "support/report.hpp"

namespace benchmarks {

/// A candidate twice: beside the server, to be timed, and behind a network on which its round trips are counted.
struct Pair {
  std::unique_ptr<Candidate> timed;
  std::unique_ptr<Candidate> counted;
  const core_lib::support::Forwarder* network = nullptr;
};

/// One line of the table.
struct Line {
  std::string name;
  std::function<void(Candidate&, std::int64_t number)> work;
  std::int64_t works = 100;  ///< In one round.
  int rounds = 60;
  std::int64_t rows = 1;                             ///< Of one work, by which times and allocations are divided.
  std::function<void(Candidate&)> before = nullptr;  ///< A round; neither timed nor counted.
  std::function<void(Candidate&)> after = nullptr;
  /// What is counted instead of a work that some need more round trips for than anyone wants to wait for.
  std::function<void(Candidate&)> counted = nullptr;
  std::string counted_as = "round trips in all";
};

struct Sample {
  double wall = 0;  ///< Microseconds, as cpu.
  double cpu = 0;   ///< Of this thread.
  double allocated = 0;
};

inline Sample run_round(const Line& line, Candidate& candidate, std::int64_t& number) {
  if (line.before) line.before(candidate);
  const std::size_t allocated = allocations;
  const double cpu = cpu_microseconds();
  const auto start = std::chrono::steady_clock::now();
  for (std::int64_t i = 0; i < line.works; ++i) line.work(candidate, number++);
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start;
  const auto units = static_cast<double>(line.works * line.rows);
  const Sample sample{wall.count() / units, (cpu_microseconds() - cpu) / units,
                      static_cast<double>(allocations - allocated) / units};
  if (line.after) line.after(candidate);
  return sample;
}

/// Round trips so far, once those are under way that nobody waits for, such as the end of a reading scope.
inline std::uint64_t settled_round_trips(const core_lib::support::Forwarder& network) {
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return network.round_trips();
}

inline std::uint64_t count_once(const Line& line, const Pair& pair, std::int64_t number) {
  if (line.before) line.before(*pair.counted);
  const std::uint64_t before = settled_round_trips(*pair.network);
  if (line.counted) {
    line.counted(*pair.counted);
  } else {
    line.work(*pair.counted, number);
  }
  const std::uint64_t trips = settled_round_trips(*pair.network) - before;
  if (line.after) line.after(*pair.counted);
  return trips;
}

/// Round trips of one work, once its statements are prepared.
inline double count_round_trips(const Line& line, const Pair& pair) {
  constexpr std::uint64_t many = 1000;  // too slow to be counted again, and preparing does not show in them
  constexpr int works = 4;
  std::uint64_t trips = count_once(line, pair, 0);
  if (trips > many) return static_cast<double>(trips);
  // core_lib may prepare a better INSERT once the first one has shown the key's column.
  (void)count_once(line, pair, 1);
  trips = 0;
  for (int i = 2; i < works + 2; ++i) trips += count_once(line, pair, i);
  return static_cast<double>(trips) / works;
}

/// The value that a tenth of the samples stay below: what others on the machine do only adds to a time.
inline double low(std::vector<Sample>& samples, double Sample::* value) {
  std::sort(samples.begin(), samples.end(), [&](const Sample& a, const Sample& b) { return a.*value < b.*value; });
  return samples[samples.size() / 10].*value;
}

/// Runs the candidates in turn, round by round, so that a slow moment of the machine meets all of them.
inline void measure(const Line& line, const std::vector<Pair>& pairs) {
  std::vector<std::vector<Sample>> samples(pairs.size());
  std::int64_t number = 0;
  for (int round = -1; round < line.rounds; ++round) {
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const std::size_t turn = (i + static_cast<std::size_t>(round + 1)) % pairs.size();
      const Sample sample = run_round(line, *pairs[turn].timed, number);
      if (round >= 0) samples[turn].push_back(sample);  // the first round warms
    }
  }
  const std::string unit = line.rows == 1 ? "per operation" : "per row";
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const std::string candidate(pairs[i].timed->name());
    report(line.name, candidate, "wall time " + unit, low(samples[i], &Sample::wall), "us");
    report(line.name, candidate, "client CPU " + unit, low(samples[i], &Sample::cpu), "us");
    report(line.name, candidate, "allocations " + unit, low(samples[i], &Sample::allocated), "each");
    report(line.name, candidate, line.rows == 1 ? "round trips per operation" : line.counted_as,
           count_round_trips(line, pairs[i]), "each");
  }
}

/// All that is measured. `clear` empties the table, `trim` removes what was inserted one by one, `settle` brings the
/// table to rest.
struct Upkeep {
  std::function<void()> clear;
  std::function<void()> trim;
  std::function<void()> settle;
};

inline void measure_all(const std::vector<Pair>& pairs, const Upkeep& upkeep) {
  const std::vector<Account> all = make_accounts();
  const std::vector<Account> first(all.begin(), all.begin() + 10'000);
  const Account fresh = [] {
    Account account = make_account(7);
    account.id = 0;
    return account;
  }();
  measure({.name = "add 100,000 rows",
           .work = [&](Candidate& candidate, std::int64_t) { candidate.add_all(all); },
           .works = 1,
           .rounds = 5,
           .rows = account_count,
           .before = [&](Candidate&) { upkeep.clear(); },
           .counted = [&](Candidate& candidate) { candidate.add_all(first); },
           .counted_as = "round trips of 10,000 rows"},
          pairs);
  upkeep.clear();
  pairs.front().timed->add_all(all);
  upkeep.settle();
  measure({.name = "read 100,000 rows of 8 columns",
           .work = [&](Candidate& candidate, std::int64_t) { require(candidate.read_all().size() == all.size()); },
           .works = 1,
           .rounds = 20,
           .rows = account_count},
          pairs);
  measure({.name = "get in its own scope",
           .work = [](Candidate& candidate,
                      std::int64_t i) { require(candidate.get_in_scope(some_id(i)).id == some_id(i)); }},
          pairs);
  measure({.name = "get in its own reading scope",
           .work = [](Candidate& candidate,
                      std::int64_t i) { require(candidate.get_in_reading_scope(some_id(i)).id == some_id(i)); }},
          pairs);
  measure({.name = "get inside a transaction",
           .work = [](Candidate& candidate, std::int64_t i) { require(candidate.get(some_id(i)).id == some_id(i)); },
           .before =
               [](Candidate& candidate) {
                 candidate.begin();
                 require(candidate.get(1).id == 1);
               },
           .after = [](Candidate& candidate) { candidate.commit(); }},
          pairs);
  const std::string name = "a new name for it";
  measure({.name = "filter, update and commit",
           .work = [&](Candidate& candidate,
                       std::int64_t i) { require(candidate.update_in_scope(some_id(i), name) == 1); }},
          pairs);
  measure(
      {.name = "insert and commit",
       .work = [&](Candidate& candidate, std::int64_t) { require(candidate.insert_in_scope(fresh) > account_count); }},
      pairs);
  upkeep.trim();
  measure({.name = "a batch of 50 updates",
           .work = [](Candidate& candidate, std::int64_t i) { candidate.run_batch(i * batch_size); },
           .works = 20,
           .rounds = 30},
          pairs);
}

}  // namespace benchmarks
