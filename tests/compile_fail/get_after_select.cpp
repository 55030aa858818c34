// SPDX-License-Identifier: Apache-2.0
// error: core_lib: get() finds an entity by its key; use filter() after select() or join()
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().select(users::id).get(7); }
