// SPDX-License-Identifier: Apache-2.0
// error: core_lib: this type is no entity; say where it is kept
#include "users.hpp"

struct Stranger {
  int id{};
};

void use(core_lib::sql::Session& session) { (void)session.query<Stranger>().all(); }
