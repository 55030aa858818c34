// SPDX-License-Identifier: Apache-2.0
// error: core_lib: a field has a type that cannot be stored; specialise core_lib::Convert for it
#include "core_lib/mapping/entity.hpp"

struct Row {
  int id{};
  wchar_t letter{};
};

const auto fields = core_lib::mapping::fields_of<Row>();
