// SPDX-License-Identifier: Apache-2.0
// error: core_lib: this value does not have the type of the column; convert it explicitly
#include "users.hpp"

void use(core_lib::sql::Session& session) { session.query<User>().all_rows().update(users::name = 7); }
