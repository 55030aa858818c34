// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace core_lib {

/// The message of the exception being handled, for a log line or a health report. Call it from a handler only.
[[nodiscard]] std::string current_message() noexcept;

}  // namespace core_lib
