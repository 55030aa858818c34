// SPDX-License-Identifier: Apache-2.0
// error: core_lib: this column cannot be null; make the member a std::optional
#include "users.hpp"

void use(core_lib::sql::Session& session) { session.query<User>().all_rows().update(users::name = std::nullopt); }
