// SPDX-License-Identifier: Apache-2.0
// error: core_lib: update() needs at least one assignment, such as name = value
#include "users.hpp"

void use(core_lib::sql::Session& session) { session.query<User>().all_rows().update(); }
