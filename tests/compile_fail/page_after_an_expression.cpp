// SPDX-License-Identifier: Apache-2.0
// error: core_lib: page_after() orders by columns, such as users::id or desc(users::name)
#include "users.hpp"

void use(core_lib::sql::Session& session) {
  (void)session.query<User>().page_after(std::nullopt, 10, core_lib::sql::lower(users::name)).all();
}
