// SPDX-License-Identifier: Apache-2.0
#include "solr/http/address.hpp"

#include <algorithm>

#include "core_lib/error/error.hpp"

namespace core_lib::solr::http {
namespace {

[[noreturn]] void refuse(std::string_view why) {
  throw UsageError("the address of Solr must look like http://localhost:8983/solr/core0: " + std::string(why));
}

constexpr bool is_name_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

bool is_name(std::string_view text) noexcept {
  return !text.empty() && text != "." && text != ".." && std::ranges::all_of(text, is_name_character);
}

/// Calls `refuse_part` where one of the parts between slashes is no plain name.
template <class Refuse>
void check_parts(std::string_view path, Refuse refuse_part) {
  for (;;) {
    const std::size_t slash = path.find('/');
    if (!is_name(path.substr(0, slash))) refuse_part();
    if (slash == std::string_view::npos) return;
    path.remove_prefix(slash + 1);
  }
}

bool is_authority(std::string_view text) noexcept {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return is_name_character(c) || c == ':' || c == '[' || c == ']'; });
}

}  // namespace

Address Address::parse(std::string_view url) {
  Address address;
  const std::size_t colon = url.find("://");
  if (colon == std::string_view::npos) refuse("it has no scheme");
  const std::string_view scheme = url.substr(0, colon);
  if (scheme != "http" && scheme != "https") refuse("the scheme must be http or https");
  address.tls = scheme == "https";
  while (url.ends_with('/')) url.remove_suffix(1);
  const std::size_t start = colon + 3;
  const std::size_t slash = std::min(url.find('/', start), url.size());
  const std::string_view authority = url.substr(std::min(start, url.size()), slash - std::min(start, slash));
  if (authority.find('@') != std::string_view::npos) {
    refuse("credentials do not belong into it; HttpOptions has username and password");
  }
  if (!is_authority(authority)) refuse("the host is no plain name or address");
  if (slash == url.size()) refuse("it must name a core or a collection");
  check_parts(url.substr(slash + 1), [] { refuse("a part of the path is no plain name"); });
  address.core = url;
  address.node = url.substr(0, url.rfind('/'));
  address.path_at = slash;
  return address;
}

void check_path(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  check_parts(path, [] {
    throw UsageError("a handler's path consists of plain names, such as admin/ping: letters, digits, '-', '_' and '.'");
  });
}

void check_header(std::string_view name, std::string_view value) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (name.empty() || std::ranges::any_of(name, [&](char c) { return is_control(c) || c == ':' || c == ' '; })) {
    throw UsageError("the name of a header is a word without colon, space and control characters");
  }
  if (std::ranges::any_of(value, is_control)) {
    throw UsageError("the value of the header '" + std::string(name) + "' holds a control character");
  }
}

}  // namespace core_lib::solr::http
