// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "config/node.hpp"

namespace core_lib::config {

/// What a plain scalar is under YAML 1.1 as OmegaConf reads it: `012` is octal, `16:00` is 960, `2022-01-01` is text.
[[nodiscard]] Kind resolve_plain(std::string_view text);
/// What an unquoted word is in an override or in a resolver's argument: JSON's types and no more, in any case.
[[nodiscard]] Kind resolve_word(std::string_view text);

/// An integer of any size; `overflow` where it does not fit 64 bits.
struct Integer {
  bool negative = false;
  bool overflow = false;
  std::uint64_t magnitude = 0;
};

/// Reads what resolve_plain() calls an integer.
[[nodiscard]] Integer parse_integer(std::string_view text);
/// Reads decimal digits with an optional sign, and nothing else.
[[nodiscard]] std::optional<Integer> parse_decimal(std::string_view text);
/// Reads what resolve_plain() calls an integer or a real. Nothing where a double cannot hold it.
[[nodiscard]] std::optional<double> parse_real(std::string_view text);
/// Reads a decimal number with an optional sign, inf and nan, and nothing else.
[[nodiscard]] std::optional<double> parse_real_text(std::string_view text);
/// Reads yes, no, on, off, true, false in lower, Title and UPPER case.
[[nodiscard]] std::optional<bool> parse_bool(std::string_view text);

}  // namespace core_lib::config
