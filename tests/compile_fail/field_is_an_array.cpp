// SPDX-License-Identifier: Apache-2.0
// error: core_lib: a field of this struct is an array or has no default constructor
#include "core_lib/mapping/entity.hpp"

struct Row {
  int id{};
  char name[16]{};
};

const auto fields = core_lib::mapping::fields_of<Row>();
