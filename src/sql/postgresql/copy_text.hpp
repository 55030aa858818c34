// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "core_lib/mapping/scalar.hpp"

namespace core_lib::sql::postgresql {

/// Appends a row in COPY's text form, which fits columns of any type, as binary would not: the server reads each value
/// as it reads a literal. Nothing is lost; real numbers have all their digits.
/// Errors: ConversionError for what PostgreSQL cannot store.
void append_copy_row(std::string& out, std::span<const mapping::Scalar> row);

}  // namespace core_lib::sql::postgresql
