// SPDX-License-Identifier: Apache-2.0
// error: core_lib: a name must not be empty, nor hold a NUL
#include "core_lib/mapping/entity.hpp"

struct Row {
  int id{};
};
template <>
struct core_lib::Entity<Row> : core_lib::entity<""> {};

const auto& table = core_lib::mapping::entity_table<Row>();
