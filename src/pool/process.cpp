// SPDX-License-Identifier: Apache-2.0
#include "pool/process.hpp"

#include <pthread.h>

#include "core_lib/error/error.hpp"

namespace core_lib::pool {
namespace {

void in_child() {
  fork_generation.fetch_add(1);
  known_thread_number = 0;
}

}  // namespace

void watch_forks() {
  static const int refused = pthread_atfork(nullptr, nullptr, in_child);
  if (refused != 0) throw Error("pool: pthread_atfork() failed", {.native_code = std::to_string(refused)});
}

}  // namespace core_lib::pool
