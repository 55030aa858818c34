// SPDX-License-Identifier: Apache-2.0
// error: core_lib: these two columns hold different types and cannot be compared
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(users::id == users::name).all(); }
