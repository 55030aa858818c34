// SPDX-License-Identifier: Apache-2.0
// error: with(fn): fn must not return a reference, since what it refers to may end with the scope
#include "core_lib/connection/object_connection_registry.hpp"

struct Session {
  int number = 0;
};

void use(core_lib::ObjectConnectionRegistry<Session>& sessions) {
  sessions.with([](Session& session) -> int& { return session.number; });
}
