// SPDX-License-Identifier: Apache-2.0
// error: core_lib: order_by() takes columns and expressions, such as users::name or desc(users::name)
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().order_by(users::id = 1).all(); }
