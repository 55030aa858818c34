// SPDX-License-Identifier: Apache-2.0
// error: with(fn): fn must not return a live cursor or anything else that is bound to the scope
#include "core_lib/sql/sql_connection_registry.hpp"

#include "users.hpp"

void use(core_lib::SqlConnectionRegistry& db) {
  (void)db.with([](core_lib::sql::Session& session) { return session.query<User>(); });
}
