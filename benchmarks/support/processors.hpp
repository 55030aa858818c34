// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sched.h>

namespace benchmarks {

[[nodiscard]] inline cpu_set_t allowed_processors() {
  cpu_set_t allowed;
  sched_getaffinity(0, sizeof allowed, &allowed);
  return allowed;
}

inline int last_of(const cpu_set_t& processors) {
  int last = CPU_SETSIZE - 1;
  while (!CPU_ISSET(last, &processors)) --last;
  return last;
}

/// This program and all that it starts share one processor: else the time to wake another one up is what is measured.
inline void pin_to_one_processor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(last_of(allowed_processors()), &one);
  sched_setaffinity(0, sizeof one, &one);
}

/// Keeps what is started from now on off the processor that pin_to_one_processor() takes, where there is another one.
inline void leave_last_processor() {
  cpu_set_t others = allowed_processors();
  if (CPU_COUNT(&others) > 1) CPU_CLR(last_of(others), &others);
  sched_setaffinity(0, sizeof others, &others);
}

}  // namespace benchmarks
