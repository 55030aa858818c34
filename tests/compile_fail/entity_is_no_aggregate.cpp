// SPDX-License-Identifier: Apache-2.0
// error: core_lib: this type is no aggregate, so its fields must be listed
#include "core_lib/mapping/entity.hpp"

class Row {
 public:
  explicit Row(int number) : id(number) {}
  int id;
};

const auto fields = core_lib::mapping::fields_of<Row>();
