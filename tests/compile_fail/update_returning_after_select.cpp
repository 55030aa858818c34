// SPDX-License-Identifier: Apache-2.0
// error: core_lib: update() works on one table; filter by columns of its own
#include "users.hpp"

void use(core_lib::sql::Session& session) {
  (void)session.query<User>().select(users::id).all_rows().update_returning(users::name = "ada");
}
