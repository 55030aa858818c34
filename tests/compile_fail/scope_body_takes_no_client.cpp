// SPDX-License-Identifier: Apache-2.0
// error: with(fn): fn must take the client by reference, as in with([&](Client& client) { ... })
#include "core_lib/connection/object_connection_registry.hpp"

struct Session {
  int number = 0;
};

void use(core_lib::ObjectConnectionRegistry<Session>& sessions) {
  sessions.with([] { return 7; });
}
