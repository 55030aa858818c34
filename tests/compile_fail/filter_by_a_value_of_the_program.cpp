// SPDX-License-Identifier: Apache-2.0
// error: core_lib: filter() takes conditions over columns, such as users::id == 5
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(1 == 1).all(); }
