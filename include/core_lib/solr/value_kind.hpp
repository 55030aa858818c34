// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace core_lib::solr {

/// What a Value is. `missing` is what a key that is not there gives: asking it for more gives missing again.
enum class ValueKind : std::uint8_t { missing, null, boolean, integer, real, text, array, object };

[[nodiscard]] std::string_view to_string(ValueKind kind) noexcept;

}  // namespace core_lib::solr
