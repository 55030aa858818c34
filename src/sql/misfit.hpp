// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/entity_table.hpp"

namespace core_lib::sql::detail {

/// The member of the struct that a field is kept in: "User::name".
[[nodiscard]] std::string member_of(const mapping::EntityTable& table, const mapping::Field& field);

/// Throws again what a conversion threw, with the field that it was about.
[[noreturn]] void throw_with_field(const ConversionError& error, const mapping::EntityTable& table,
                                   const mapping::Field& field);

/// Throws again what the engine said about a statement for an entity, with the struct and the member that it is about:
/// who wrote the struct has not written the statement.
[[noreturn]] void throw_with_entity(const SyntaxError& error, const mapping::EntityTable& table);

}  // namespace core_lib::sql::detail
