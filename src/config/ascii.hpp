// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace core_lib::config {

/// Lower case of ASCII letters alone, whatever the locale.
[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace core_lib::config
