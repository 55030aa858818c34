// SPDX-License-Identifier: Apache-2.0
// error: core_lib: an instant is stored from whole ticks
#include <chrono>

#include "core_lib/mapping/entity.hpp"

struct Row {
  int id{};
  std::chrono::sys_time<std::chrono::duration<double>> at{};
};

const auto fields = core_lib::mapping::fields_of<Row>();
