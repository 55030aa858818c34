// SPDX-License-Identifier: Apache-2.0
// error: core_lib: like(), starts_with(), ends_with() and contains() need a column of text
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().filter(users::id.contains("7")).all(); }
