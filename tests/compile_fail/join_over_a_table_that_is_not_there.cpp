// SPDX-License-Identifier: Apache-2.0
// error: core_lib: join() takes a condition over the columns of the joined entity and those before it
#include "users.hpp"

void use(core_lib::sql::Session& session) { (void)session.query<User>().join<Pet>(toys::pet_id == pets::id).all(); }
