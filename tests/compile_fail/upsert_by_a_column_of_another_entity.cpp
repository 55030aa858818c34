// SPDX-License-Identifier: Apache-2.0
// error: core_lib: upsert() finds rows by columns of the entity itself
#include "users.hpp"

void use(core_lib::sql::Session& session, User& user) { session.upsert<&Pet::name>(user); }
