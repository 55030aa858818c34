// SPDX-License-Identifier: Apache-2.0
// error: core_lib: an entity needs at least one field, and each a default constructor
#include "core_lib/mapping/entity.hpp"

struct Row {};

const auto fields = core_lib::mapping::fields_of<Row>();
