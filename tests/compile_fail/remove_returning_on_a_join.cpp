// SPDX-License-Identifier: Apache-2.0
// error: core_lib: remove_returning() works on one table; filter by columns of its own
#include "users.hpp"

void use(core_lib::sql::Session& session) {
  (void)session.query<Pet>().join<User>(pets::user_id == users::id).all_rows().remove_returning();
}
