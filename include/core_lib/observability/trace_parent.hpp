// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace core_lib {

/// The place of some work in a distributed trace, as the HTTP header `traceparent` carries it:
/// https://www.w3.org/TR/trace-context/#traceparent-header
/// A value of 55 characters; it cannot hold anything but hexadecimal digits and dashes.
class TraceParent {
 public:
  /// @throws UsageError  this is not the value of such a header
  explicit TraceParent(std::string_view header);
  /// The same for what comes from outside: none where it is not valid, as the standard wants.
  [[nodiscard]] static std::optional<TraceParent> parse(std::string_view header) noexcept;

  /// As in the header, such as "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), text_.size()}; }

  [[nodiscard]] friend bool operator==(const TraceParent&, const TraceParent&) = default;

 private:
  static constexpr std::size_t size = 55;
  struct Valid {};
  TraceParent(std::string_view header, Valid) noexcept;

  std::array<char, size> text_;
};

}  // namespace core_lib
