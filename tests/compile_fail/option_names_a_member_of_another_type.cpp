// SPDX-License-Identifier: Apache-2.0
// error: core_lib: an option of this Entity names a member of another type
#include "core_lib/mapping/entity.hpp"

struct Row {
  int id{};
};
struct Other {
  int id{};
};
template <>
struct core_lib::Entity<Row> : core_lib::entity<"rows", core_lib::key<&Other::id>> {};

const auto& table = core_lib::mapping::entity_table<Row>();
