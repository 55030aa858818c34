// SPDX-License-Identifier: Apache-2.0
#include "pool/fork_generation.hpp"

#include <pthread.h>

#include "core_lib/error/error.hpp"

namespace core_lib::pool {

void watch_forks() {
  static const int refused = pthread_atfork(nullptr, nullptr, [] { fork_generation.fetch_add(1); });
  if (refused != 0) throw Error("pool: pthread_atfork() failed: out of memory", {.native_code = "ENOMEM"});
}

}  // namespace core_lib::pool
