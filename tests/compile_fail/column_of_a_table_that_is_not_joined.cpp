// SPDX-License-Identifier: Apache-2.0
// error: core_lib: a column of another entity is used; join() that entity first
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(pets::name == "rex").all(); }
