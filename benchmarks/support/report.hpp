// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include <time.h>

namespace benchmarks {

/// One line of the table, as JSON, for benchmarks/run.
inline void report(const std::string& benchmark, const std::string& subject, const std::string& metric, double value,
                   const std::string& unit) {
  std::printf(R"({"benchmark":"%s","subject":"%s","metric":"%s","value":%.6g,"unit":"%s"})"
              "\n",
              benchmark.c_str(), subject.c_str(), metric.c_str(), value, unit.c_str());
  std::fflush(stdout);
}

struct Subject {
  std::string name;
  std::function<void()> run;  ///< Does `operations` operations.
};

[[nodiscard]] inline double cpu_microseconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

/// Runs the subjects in turn, round by round, so that a slow moment of the machine meets all of them; reports for each
/// the median over the rounds of the CPU time of one operation. For work that never waits, as that in memory.
inline void compare(const std::string& benchmark, std::size_t operations, const std::vector<Subject>& subjects,
                    int rounds = 15) {
  std::vector<std::vector<double>> times(subjects.size());
  for (const Subject& subject : subjects) subject.run();
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const double start = cpu_microseconds();
      subjects[i].run();
      times[i].push_back((cpu_microseconds() - start) / static_cast<double>(operations));
    }
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    std::sort(times[i].begin(), times[i].end());
    report(benchmark, subjects[i].name, "CPU time per operation", times[i][times[i].size() / 2], "us");
  }
}

}  // namespace benchmarks
