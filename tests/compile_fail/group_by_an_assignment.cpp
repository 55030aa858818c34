// SPDX-License-Identifier: Apache-2.0
// error: core_lib: group_by() takes columns, such as users::city
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().group_by(users::name = "x").all(); }
