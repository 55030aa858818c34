// SPDX-License-Identifier: Apache-2.0
// error: core_lib: update() takes assignments, such as users::name = value, with one =
#include "users.hpp"

void use(core_lib::sql::Session& session) { session.query<User>().filter(users::id == 1).update(users::name == "b"); }
