// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/error/error.hpp"
#include "core_lib/sql/session.hpp"

namespace core_lib::sql {

/// Holds a session for the length of one call, so that a second thread is caught instead of corrupting it.
class Session::Use {
 public:
  explicit Use(Session& session) : session_(session) {
    if (session.in_use_.exchange(true, std::memory_order_acquire)) {
      throw UsageError("a session is used by two threads at a time; give each thread a scope of its own");
    }
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { session_.in_use_.store(false, std::memory_order_release); }

 private:
  Session& session_;
};

}  // namespace core_lib::sql
