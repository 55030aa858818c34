// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <string>

namespace benchmarks {

/// A line of /proc/self/status, in MiB.
inline double status_of_process(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word != key + ":") continue;
    double kibibytes = 0;
    status >> kibibytes;
    return kibibytes / 1024;
  }
  return 0;
}

/// How far the work lifts the process above what it had before, in MiB.
template <class Work>
double peak_above_idle(const Work& work) {
  std::ofstream("/proc/self/clear_refs") << 5;  // the peak begins anew
  const double idle = status_of_process("VmRSS");
  work();
  return status_of_process("VmHWM") - idle;
}

}  // namespace benchmarks
