// SPDX-License-Identifier: Apache-2.0
#include "config/access.hpp"

#include "config/near_names.hpp"
#include "config/path.hpp"

namespace core_lib::config {
namespace {

std::string described(const Node& node, const std::string& place) {
  const std::string path = node.path();
  return (path.empty() ? "the root" : path) + " (" + place + ')';
}

}  // namespace

std::string describe(const Node& node) { return described(node, node.where()); }

std::string describe_key(const Node& node) { return described(node, node.key_where()); }

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::missing:
      return "missing: ???";
    case Kind::boolean:
      return "a bool";
    case Kind::integer:
      return "an integer";
    case Kind::real:
      return "a real number";
    case Kind::text:
      return "text";
    case Kind::interpolation:
      return "an interpolation";
    case Kind::map:
      return "a map";
    case Kind::list:
      return "a list";
  }
  return "nothing";
}

std::vector<std::string> keys_of(const Node& map) {
  std::vector<std::string> keys;
  if (map.kind != Kind::map) return keys;
  for (const Node* child : map.children) keys.push_back(child->key);
  return keys;
}

std::string absence(const Node& parent, std::string_view step) {
  if (parent.kind == Kind::list) {
    return "no element '" + std::string(step) + "' in " + describe_key(parent) + ", a list of " +
           std::to_string(parent.children.size());
  }
  return "no key '" + std::string(step) + "' in " + describe_key(parent) + suggest(step, keys_of(parent));
}

}  // namespace core_lib::config
