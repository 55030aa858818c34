// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/compose.hpp"

#include <utility>

#include "config/access.hpp"
#include "config/defaults_list.hpp"
#include "config/merge.hpp"
#include "config/override.hpp"
#include "config/search_path.hpp"

namespace core_lib {
namespace {

// The maps that a package names, made where they are not there.
config::Node& package_map(config::Tree& tree, const config::DefaultsList::Part& part) {
  config::Node* map = &tree.own_root();
  const config::Node& content = part.file->tree.root();
  for (const std::string& key : part.package) {
    config::Node& empty = tree.make(config::Kind::map, content.file, content.at);
    empty.key = key;
    empty.key_at = content.at;
    merge_entry(tree, *map, empty);
    map = map->find(key);
  }
  return *map;
}

std::string without_suffix(const std::string& name) {
  constexpr std::string_view suffix = ".yaml";
  return name.ends_with(suffix) ? name.substr(0, name.size() - suffix.size()) : name;
}

}  // namespace

Config compose(const ComposeOptions& options) {
  config::SearchPath search_path(options.search_path);
  config::DefaultsList defaults(search_path);
  std::vector<config::Override> changes;
  for (const std::string& text : options.overrides) {
    config::Override change = config::parse_override(text, changes.size() + 1);
    if (!defaults.take(change)) changes.push_back(std::move(change));
  }
  const std::string primary = without_suffix(options.name);
  const auto parts = defaults.parts(primary);
  config::Tree tree;
  tree.set_resolvers(options.resolvers);
  const config::Node& root = search_path.find(primary, {})->tree.root();
  tree.set_root(tree.make(config::Kind::map, root.file, root.at));
  for (const auto& part : parts) merge_map(tree, package_map(tree, part), part.file->tree.root());
  if (const config::Node* hydra = tree.root().find("hydra")) remove_child(tree.own_root(), hydra->index);
  for (const config::Override& change : changes) apply_override(tree, change);
  return config::Access::handle(std::move(tree));
}

}  // namespace core_lib
