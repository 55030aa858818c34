// SPDX-License-Identifier: Apache-2.0
// error: core_lib: select() needs at least one column
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().select().all(); }
