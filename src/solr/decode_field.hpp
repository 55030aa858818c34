// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "core_lib/error/error.hpp"
#include "core_lib/mapping/field.hpp"
#include "core_lib/solr/detail/node.hpp"

namespace core_lib::solr::detail {

/// The field of that name, or null.
/// @param hint  the one behind the last one that was found, since fields mostly come in the order of the struct
[[nodiscard]] const mapping::Field* find_field(std::span<const mapping::Field> fields, std::string_view name,
                                               std::size_t& hint);

/// Assigns the field of this entity. Errors: ConversionError, without the field.
void decode_field(const mapping::Field& field, const Node& node, void* entity);

[[noreturn]] void throw_with_field(const mapping::Field& field, const ConversionError& error);

}  // namespace core_lib::solr::detail
