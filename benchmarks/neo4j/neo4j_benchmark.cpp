// SPDX-License-Identifier: Apache-2.0
// core_lib on a real Neo4j beside a bare socket, the official drivers of Go, Java and Python, Rust's neo4j and
// mgclient: the same queries, one server, each driver in a process of its own. The peers are there where
// benchmarks/peers/neo4j/bring has brought them.
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "neo4j/driver_process.hpp"
#include "neo4j/packstream_speed.hpp"
#include "neo4j/work.hpp"
#include "support/forwarder.hpp"
#include "support/processors.hpp"
#include "support/report.hpp"
#include "support/service.hpp"

namespace benchmarks {
namespace {

/// One part of the table.
struct Line {
  std::string name;
  std::string work;
  std::string unit;  ///< Of what a work has `units`.
  int works = 1;     ///< In one round.
  int rounds = 5;
  std::int64_t units = 1;
};

struct Sample {
  double wall = 0;  ///< Microseconds, as cpu.
  double cpu = 0;
  std::optional<double> allocations{};
};

const std::vector<Line>& lines() {
  static const std::vector<Line> all{
      {.name = "stream 1,000,000 rows", .work = "rows", .unit = "row", .units = row_count},
      {.name = "stream 1,000,000 rows into a struct", .work = "structs", .unit = "row", .units = row_count},
      {.name = "auto-commit query", .work = "query", .unit = "operation", .works = 200, .rounds = 60},
      {.name = "execute_read with one query", .work = "execute_read", .unit = "operation", .works = 200, .rounds = 60}};
  return all;
}

std::vector<std::string> programs() {
  std::vector<std::string> all{CORE_LIB_NEO4J_RAW, CORE_LIB_NEO4J_CORE_LIB};
  std::vector<std::string> peers;
  if (std::filesystem::exists(CORE_LIB_NEO4J_PEERS)) {
    for (const auto& entry : std::filesystem::directory_iterator(CORE_LIB_NEO4J_PEERS)) peers.push_back(entry.path());
  }
  std::sort(peers.begin(), peers.end());
  all.insert(all.end(), peers.begin(), peers.end());
  return all;
}

Sample run_round(const Line& line, DriverProcess& subject) {
  const double cpu = subject.cpu_microseconds();
  const auto start = std::chrono::steady_clock::now();
  const std::optional<double> allocations = subject.run(line.work, line.works);
  const std::chrono::duration<double, std::micro> wall = std::chrono::steady_clock::now() - start;
  return {wall.count(), subject.cpu_microseconds() - cpu, allocations};
}

/// The rounds of one subject, and what it gets of them: less where it is slow.
struct Rounds {
  DriverProcess* subject = nullptr;
  int wanted = 0;
  std::vector<double> walls{};
  std::vector<double> cpus{};
  double allocations = 0;
  double allocated = -1;  ///< In the last round.
};

void add_round(const Line& line, Rounds& rounds) {
  constexpr double most_time = 30e6;  // microseconds
  const Sample sample = run_round(line, *rounds.subject);
  if (rounds.wanted == 0) {  // the first round warms
    rounds.wanted = std::clamp(static_cast<int>(most_time / sample.wall), 1, line.rounds);
  } else {
    rounds.walls.push_back(sample.wall);
    rounds.cpus.push_back(sample.cpu);
  }
  if (!sample.allocations) return;
  rounds.allocated = *sample.allocations - rounds.allocations;
  rounds.allocations = *sample.allocations;
}

/// The value that a tenth of the samples stay below: what others on the machine do only adds to a time.
double low_of(std::vector<double>& values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 10];
}

/// Runs the subjects in turn, round by round, so that a slow moment of the machine meets all of them.
void measure_times(const Line& line, const std::vector<std::unique_ptr<DriverProcess>>& subjects) {
  std::vector<Rounds> all;
  for (const auto& subject : subjects) all.push_back({.subject = subject.get()});
  for (int round = 0; round <= line.rounds; ++round) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      Rounds& turn = all[(i + static_cast<std::size_t>(round)) % all.size()];
      if (round == 0 || round <= turn.wanted) add_round(line, turn);
    }
  }
  const auto units = static_cast<double>(line.works * line.units);
  for (Rounds& rounds : all) {
    const std::string& name = rounds.subject->name();
    report(line.name, name, "wall time per " + line.unit, low_of(rounds.walls) / units, "us");
    report(line.name, name, "client CPU per " + line.unit, low_of(rounds.cpus) / units, "us");
    if (rounds.allocated >= 0)
      report(line.name, name, "allocations per " + line.unit, rounds.allocated / units, "each");
  }
}

/// What goes over the wire, once the subject is connected and warm. Times do not count here.
void count_on_the_wire(const Line& line, DriverProcess& subject, const core_lib::support::Forwarder& network) {
  const int works = line.units == 1 ? 20 : 1;
  (void)subject.run("query", 1);
  if (line.units == 1) (void)subject.run(line.work, works);
  const std::uint64_t trips = network.round_trips();
  const std::uint64_t sent = network.bytes_of_clients();
  const std::uint64_t received = network.bytes_of_server();
  (void)subject.run(line.work, works);
  const auto report_per = [&](const std::string& metric, std::uint64_t count, std::int64_t units) {
    report(line.name, subject.name(), metric, static_cast<double>(count) / static_cast<double>(works * units), "each");
  };
  report_per(line.units == 1 ? "round trips per operation" : "round trips in all", network.round_trips() - trips, 1);
  report_per("bytes sent per " + line.unit, network.bytes_of_clients() - sent, line.units);
  report_per("bytes received per " + line.unit, network.bytes_of_server() - received, line.units);
}

/// How far streaming lifts a process above what it had when it was connected and idle.
void measure_memory(const Line& line, DriverProcess& subject) {
  (void)subject.run("query", 1);
  subject.forget_peak();
  const double idle = subject.memory("VmRSS");
  (void)subject.run(line.work, 1);
  report(line.name, subject.name(), "peak memory above idle", subject.memory("VmHWM") - idle, "MiB");
}

/// A server that lives as long as this program.
class Server : public core_lib::support::OwnService {
 public:
  Server() : OwnService("neo4j") {}
};

void run() {
  measure_packstream();
  setenv("NEO4J_JVM", "-Xms1g -Xmx1g", 0);
  const cpu_set_t all = allowed_processors();
  leave_last_processor();
  const Server server;
  sched_setaffinity(0, sizeof all, &all);
  pin_to_one_processor();
  const auto port = static_cast<std::uint16_t>(std::stoi(server["port"]));

  std::vector<std::unique_ptr<DriverProcess>> subjects;
  for (const std::string& program : programs()) {
    subjects.push_back(std::make_unique<DriverProcess>(program, port, server["password"]));
    measure_memory(lines().front(), *subjects.back());
  }
  for (const Line& line : lines()) measure_times(line, subjects);
  subjects.clear();
  core_lib::support::Forwarder network(port);
  network.gather_requests(std::chrono::milliseconds(1));
  for (const std::string& program : programs()) {
    DriverProcess subject(program, network.port(), server["password"]);
    for (const Line& line : lines()) count_on_the_wire(line, subject, network);
  }
}

}  // namespace
}  // namespace benchmarks

int main() { benchmarks::run(); }
