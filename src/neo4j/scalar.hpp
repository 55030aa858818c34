// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core_lib/mapping/field.hpp"
#include "core_lib/neo4j/value.hpp"

namespace core_lib::neo4j::detail {

/// A value as the mapping knows it; text and bytes are views into the value.
/// Errors: ConversionError for what no field of a struct can hold: lists, maps, graph and spatial values.
[[nodiscard]] mapping::Scalar scalar_of(const Value& value, mapping::Scratch& scratch);
/// An instant becomes a DateTime at UTC; decimal, JSON and UUID become text, for which Cypher has no types.
[[nodiscard]] Value value_of(const mapping::Scalar& scalar);

/// Microseconds since 1970. Errors: ConversionError beyond some 290,000 years.
[[nodiscard]] std::int64_t microseconds_of(std::int64_t seconds, std::int64_t nanoseconds);

}  // namespace core_lib::neo4j::detail
