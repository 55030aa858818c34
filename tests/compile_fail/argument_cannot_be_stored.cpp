// SPDX-License-Identifier: Apache-2.0
// error: core_lib: a field has a type that cannot be stored; specialise core_lib::Convert for it
#include "users.hpp"

struct Stranger {
  int id{};
};

void use(core_lib::sql::Session& session) { (void)session.execute("SELECT ?", Stranger()); }
