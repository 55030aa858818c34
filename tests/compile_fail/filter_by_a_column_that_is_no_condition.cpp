// SPDX-License-Identifier: Apache-2.0
// error: core_lib: filter() takes a condition; compare this column with something
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(users::id).all(); }
