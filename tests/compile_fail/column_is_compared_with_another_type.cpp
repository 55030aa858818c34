// SPDX-License-Identifier: Apache-2.0
// error: core_lib: this value does not have the type of the column; convert it explicitly
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(users::id == "ada").all(); }
