// SPDX-License-Identifier: Apache-2.0
// error: core_lib: join() of an entity that the query has already
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().join<User>(users::id == users::id).all(); }
