// SPDX-License-Identifier: Apache-2.0
// error: with(fn): fn must not return the client or a pointer to it, since the client ends with the scope
#include "core_lib/connection/object_connection_registry.hpp"

struct Session {
  int number = 0;
};

void use(core_lib::ObjectConnectionRegistry<Session>& sessions) {
  (void)sessions.with([](Session& session) { return session; });
}
