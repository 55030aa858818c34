// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/sql/session.hpp"

namespace core_lib::sql {

/// Holds a session for its thread, so that a second thread is caught instead of corrupting it. The same thread may hold
/// it several times, as it does where it updates rows while it streams others.
class Session::Use {
 public:
  /// Errors: UsageError where another thread holds the session.
  explicit Use(Session& session) : session_(session) { session.take(); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;
  ~Use() { session_.let_go(); }

 private:
  Session& session_;
};

}  // namespace core_lib::sql
