// SPDX-License-Identifier: Apache-2.0
// error: core_lib: an enum is stored as its integer, which must be fixed, as in enum class Color : int
#include "core_lib/mapping/entity.hpp"

enum Color { red, green };
struct Row {
  int id{};
  Color color{};
};

const auto fields = core_lib::mapping::fields_of<Row>();
