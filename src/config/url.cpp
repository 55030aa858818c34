// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/url.hpp"

#include <algorithm>
#include <string_view>

#include "core_lib/config/config.hpp"

namespace core_lib {
namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

std::string encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const char c : text) {
    if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += digits[byte >> 4U];
      result += digits[byte & 15U];
    }
  }
  return result;
}

void append_path(std::string& url, std::string_view part) {
  if (part.empty()) return;
  part.remove_prefix(std::min(part.find_first_not_of('/'), part.size()));
  url.append("/").append(part);
}

}  // namespace

Url Url::from(const Config& node) {
  const auto part = [&](std::string_view name) { return node.get<std::string>(name, {}); };
  return {.protocol = part("protocol"),
          .username = part("username"),
          .password = part("password"),
          .host = part("host"),
          .port = part("port"),
          .path = part("path"),
          .file = part("file")};
}

std::string build_url(const Url& url) {
  std::string text;
  if (!url.protocol.empty()) text += url.protocol + "://";
  if (!url.username.empty()) {
    text += url.username;
    if (!url.password.empty()) text += ':' + url.password;
  }
  if (!url.username.empty() || !url.password.empty()) text += '@';
  text += url.host;
  if (!url.port.empty() && url.port != "0") text += ':' + url.port;
  append_path(text, url.path);
  append_path(text, url.file);
  return text;
}

std::string build_url(const Config& node) { return build_url(Url::from(node)); }

std::string build_encoded_url(const Url& url) {
  const bool is_ipv6 = url.host.find(':') != std::string::npos && !url.host.starts_with('[');
  return build_url(Url{.protocol = url.protocol,
                       .username = encoded(url.username, ""),
                       .password = encoded(url.password, ""),
                       .host = is_ipv6 ? '[' + url.host + ']' : url.host,
                       .port = url.port,
                       .path = encoded(url.path, "/"),
                       .file = encoded(url.file, "/")});
}

}  // namespace core_lib
