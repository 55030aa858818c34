// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::postgresql {

/// Appends a value that is not null as the server reads it in a literal, before any escaping. Nothing is lost; real
/// numbers have all their digits.
/// Errors: ConversionError for what PostgreSQL cannot store.
/// @param position  of the value, from 0
void append_value_text(std::string& out, const mapping::Scalar& value, std::size_t position);

}  // namespace core_lib::sql::postgresql
