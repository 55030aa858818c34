// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <source_location>
#include <string_view>

namespace core_lib::sql {

/// SQL as it was written, with the place that runs it: what SqlConnectionRegistry::execute() takes for a text.
/// Lifetime: borrows the text.
struct StatementText {
  template <std::convertible_to<std::string_view> Text>
  StatementText(const Text& sql,  // NOLINT: texts are passed as they are
                std::source_location place = std::source_location::current())
      : text(sql), location(place) {}

  std::string_view text;
  std::source_location location;
};

}  // namespace core_lib::sql
