// SPDX-License-Identifier: Apache-2.0
// error: with(fn): fn must not return a live cursor or anything else that is bound to the scope
#include <vector>

#include "core_lib/connection/object_connection_registry.hpp"

struct Session {
  int number = 0;
};
struct Cursor {
  using is_scope_bound = void;
};

void use(core_lib::ObjectConnectionRegistry<Session>& sessions) {
  (void)sessions.with([](Session&) { return std::vector<Cursor>(); });
}
