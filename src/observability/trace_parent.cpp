// SPDX-License-Identifier: Apache-2.0
#include "core_lib/observability/trace_parent.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib {
namespace {

bool is_hex(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_id(std::string_view text) noexcept {
  return is_hex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

/// version "-" trace-id "-" parent-id "-" flags, of 2, 32, 16 and 2 digits; later versions may go on after a dash.
bool is_valid(std::string_view header, std::size_t size) noexcept {
  if (header.size() < size || header[2] != '-' || header[35] != '-' || header[52] != '-') return false;
  const std::string_view version = header.substr(0, 2);
  if (!is_hex(version) || version == "ff") return false;
  if (header.size() > size && (version == "00" || header[size] != '-')) return false;
  return is_id(header.substr(3, 32)) && is_id(header.substr(36, 16)) && is_hex(header.substr(53, 2));
}

}  // namespace

TraceParent::TraceParent(std::string_view header, Valid) noexcept { std::copy_n(header.begin(), size, text_.begin()); }

std::optional<TraceParent> TraceParent::parse(std::string_view header) noexcept {
  if (!is_valid(header, size)) return std::nullopt;
  return TraceParent(header, Valid{});
}

TraceParent::TraceParent(std::string_view header) {
  if (!is_valid(header, size)) {
    throw UsageError(
        "this is not the value of a traceparent header, such as "
        "'00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'; TraceParent::parse() bears what comes from "
        "outside");
  }
  std::copy_n(header.begin(), size, text_.begin());
}

}  // namespace core_lib
