// SPDX-License-Identifier: Apache-2.0
// error: core_lib: add_all() cannot fill in the keys of rows that are const
#include <vector>

#include "users.hpp"

void use(core_lib::sql::Session& session, const std::vector<User>& users) {
  session.add_all(users, core_lib::sql::fill_keys);
}
