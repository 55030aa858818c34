// SPDX-License-Identifier: Apache-2.0
#include "config/merge.hpp"

#include <memory>
#include <string>

#include "config/access.hpp"
#include "config/evaluator.hpp"
#include "config/yaml_composer.hpp"

namespace core_lib::config {
namespace {

std::size_t depth_of(const Node& node) {
  std::size_t depth = 0;
  for (const Node* parent = node.parent; parent != nullptr; parent = parent->parent) ++depth;
  return depth;
}

// The map that an interpolation leads to in what is merged so far, or null.
Node* copy_of_target(Tree& tree, const Node& interpolation) {
  try {
    const std::shared_ptr<const Tree> borrowed(std::shared_ptr<void>{}, &tree);
    const Config target = Evaluator().resolve(Access::handle(borrowed, &interpolation));
    return Access::node(target).kind == Kind::map ? &tree.copy(Access::node(target)) : nullptr;
  } catch (const ConfigError&) {
    return nullptr;  // what it needs may come later, or never: then this value replaces it
  }
}

void check_size(const Tree& tree, const Node& node) {
  if (depth_of(node) > max_depth) {
    throw ConfigError(describe(node) + ": nested deeper than " + std::to_string(max_depth) + " levels");
  }
  if (tree.size() > max_nodes) {
    throw ConfigError(describe(node) + ": more than " + std::to_string(max_nodes) + " values to merge");
  }
}

}  // namespace

void merge_entry(Tree& tree, Node& into, const Node& entry) {
  Node* existing = into.find(entry.key);
  if (existing == nullptr) {
    add_entry(into, entry.key, entry.key_at, tree.copy(entry));
    return;
  }
  if (entry.kind == Kind::missing) return;
  if (entry.kind == Kind::map && existing->kind == Kind::interpolation) {
    if (Node* target = copy_of_target(tree, *existing)) {
      replace_child(into, existing->index, *target, existing->key_at);
      existing = target;
    }
  }
  if (entry.kind == Kind::map && existing->kind == Kind::map) {
    merge_map(tree, *existing, entry);
  } else {
    replace_child(into, existing->index, tree.copy(entry), entry.key_at);
  }
}

void merge_map(Tree& tree, Node& into, const Node& from) {
  check_size(tree, into);
  for (const Node* entry : from.children) merge_entry(tree, into, *entry);
}

}  // namespace core_lib::config
