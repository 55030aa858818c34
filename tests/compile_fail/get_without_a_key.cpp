// SPDX-License-Identifier: Apache-2.0
// error: core_lib: get() needs the values of the key
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().get(); }
