// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "config/access.hpp"
#include "config/scalar_resolver.hpp"

namespace core_lib {
namespace {

using config::Kind;
using config::Node;

constexpr std::string_view hidden = "<hidden>";

std::string lowered(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

bool is_secret(std::string_view key) {
  const std::string name = lowered(key);
  constexpr std::array<std::string_view, 6> parts = {"password", "passwd", "passphrase",
                                                     "secret",   "token",  "credential"};
  const auto is_part = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  return std::any_of(parts.begin(), parts.end(), is_part) || name == "key" || name == "pwd" || name.ends_with("_key") ||
         name.ends_with("-key") || name.ends_with("apikey");
}

// The "name:password@" of an address inside of a value.
std::string without_login(std::string text) {
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at)) {
    at += 3;
    const std::size_t end = std::min(text.find_first_of("/ ,", at), text.size());
    const std::size_t login_end = text.rfind('@', end);
    if (login_end != std::string::npos && login_end >= at) text.replace(at, login_end - at, hidden);
  }
  return text;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      result += c;
    }
  }
  return result + '"';
}

bool is_plain_text(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ' || text == "???") return false;
  if (text.front() == '-' || config::resolve_plain(text) != Kind::text) return false;
  const auto is_ordinary = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_-./ $+").find(c) != std::string_view::npos;
  };
  return std::all_of(text.begin(), text.end(), is_ordinary);
}

std::string scalar(const Node& node) {
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::missing:
      return "???";
    case Kind::text: {
      const std::string text = without_login(node.text);
      return is_plain_text(text) ? text : quoted(text);
    }
    case Kind::interpolation:
      return is_secret(node.text) ? std::string(hidden) : quoted(without_login(node.text));
    default:
      return node.text;
  }
}

void print(const Node& node, std::size_t indent, std::string& out) {
  for (const Node* child : node.children) {
    out.append(indent, ' ');
    if (node.kind == Kind::list) {
      out += '-';
    } else {
      out += (is_plain_text(child->key) ? child->key : quoted(child->key)) + ':';
    }
    if (node.kind == Kind::map && child->kind != Kind::null && is_secret(child->key)) {
      out.append(" ").append(hidden).append("\n");
    } else if (!child->is_container()) {
      out += ' ' + scalar(*child) + '\n';
    } else if (child->children.empty()) {
      out += child->kind == Kind::map ? " {}\n" : " []\n";
    } else {
      out += '\n';
      print(*child, indent + 2, out);
    }
  }
}

}  // namespace

std::string Config::to_string() const {
  for (const Node* node = node_; node->parent != nullptr; node = node->parent) {
    if (is_secret(node->key)) return std::string(hidden) + '\n';
  }
  if (!node_->is_container()) return scalar(*node_) + '\n';
  if (node_->children.empty()) return node_->kind == Kind::map ? "{}\n" : "[]\n";
  std::string text;
  print(*node_, 0, text);
  return text;
}

}  // namespace core_lib
