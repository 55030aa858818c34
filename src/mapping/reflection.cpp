// SPDX-License-Identifier: Apache-2.0
#include "core_lib/mapping/detail/reflection.hpp"

namespace core_lib::mapping::detail {
namespace {

bool is_identifier(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || byte >= 0x80;
}

std::string_view last_identifier(std::string_view text) {
  std::size_t start = text.size();
  while (start > 0 && is_identifier(text[start - 1])) --start;
  return text.substr(start);
}

}  // namespace

// g++ prints `FieldAddress<T>{(& unmade<User>.Unmade<User>::value.User::id)}` for each, clang `...{&unmade.value.id}`.
// g++ alone writes braces elsewhere: `{anonymous}`.
std::string_view cut_name(std::string_view printed, std::size_t index) {
#if defined(__clang__)
  constexpr std::string_view end = "}";
#else
  constexpr std::string_view end = ")}";
#endif
  std::size_t at = printed.find(end);
  for (std::size_t i = 0; i < index; ++i) at = printed.find(end, at + 1);
  return last_identifier(printed.substr(0, at));
}

// g++ prints `[with auto Member = &User::id; std::string_view = ...]`, clang `[Member = &User::id]`.
std::string_view cut_member_name(std::string_view printed) {
  return last_identifier(printed.substr(0, printed.find_last_of(";]", printed.find("; std::string_view"))));
}

}  // namespace core_lib::mapping::detail
