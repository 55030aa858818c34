// SPDX-License-Identifier: Apache-2.0
// error: core_lib: page_after() needs columns that cannot be null, as nothing comes after null
#include "users.hpp"

void use(core_lib::sql::Session& session) {
  (void)session.query<User>().page_after(std::nullopt, 10, core_lib::col<&User::city>).all();
}
