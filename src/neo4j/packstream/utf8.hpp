// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace core_lib::neo4j::packstream {

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;
/// The text, with U+FFFD in place of every byte that does not belong to a character.
[[nodiscard]] std::string repaired_utf8(std::string_view text);

}  // namespace core_lib::neo4j::packstream
