// SPDX-License-Identifier: Apache-2.0
// error: core_lib: join() takes a condition over columns, such as pets::user_id == users::id
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().join<Pet>(pets::id = 1).all(); }
