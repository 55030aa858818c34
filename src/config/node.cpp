// SPDX-License-Identifier: Apache-2.0
#include "config/node.hpp"

#include <algorithm>

#include "config/path.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t linear_search_limit = 16;

std::string position(const Node& node, Mark mark) {
  std::string text = node.file ? *node.file : "<none>";
  if (mark.line != 0) text += ':' + std::to_string(mark.line) + ':' + std::to_string(mark.column);
  return text;
}

void index_entry(Node& map, Node& value) {
  if (map.lookup == nullptr) {
    if (map.children.size() <= linear_search_limit) return;
    map.lookup = std::make_unique<std::unordered_map<std::string_view, Node*>>();
    for (Node* child : map.children) map.lookup->emplace(child->key, child);
  } else {
    map.lookup->emplace(value.key, &value);
  }
}

}  // namespace

Node* Node::find(std::string_view name) const {
  if (kind != Kind::map) return nullptr;
  if (lookup != nullptr) {
    const auto found = lookup->find(name);
    return found == lookup->end() ? nullptr : found->second;
  }
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const Node* child) { return child->key == name; });
  return found == children.end() ? nullptr : *found;
}

std::string Node::where() const { return position(*this, at); }

std::string Node::key_where() const { return position(*this, key_at.line != 0 ? key_at : at); }

std::string Node::path() const {
  std::vector<const Node*> line;
  for (const Node* node = this; node->parent != nullptr; node = node->parent) line.push_back(node);
  std::string result;
  for (auto node = line.rbegin(); node != line.rend(); ++node) {
    if ((*node)->parent->kind == Kind::list) {
      result += '[' + std::to_string((*node)->index) + ']';
    } else {
      append_key(result, (*node)->key);
    }
  }
  return result;
}

Node& Tree::make(Kind kind, std::shared_ptr<const std::string> file, Mark at) {
  Node& node = nodes_.emplace_back();
  node.kind = kind;
  node.file = std::move(file);
  node.at = at;
  return node;
}

Node& Tree::copy(const Node& source) {
  Node& node = make(source.kind, source.file, source.at);
  node.text = source.text;
  node.expression = source.expression;
  for (const Node* child : source.children) {
    Node& clone = copy(*child);
    if (source.kind == Kind::map) {
      add_entry(node, child->key, child->key_at, clone);
    } else {
      add_element(node, clone);
    }
  }
  return node;
}

void add_entry(Node& map, std::string key, Mark key_at, Node& value) {
  value.key = std::move(key);
  value.key_at = key_at;
  add_element(map, value);
  index_entry(map, value);
}

void add_element(Node& list, Node& value) {
  value.parent = &list;
  value.index = list.children.size();
  list.children.push_back(&value);
}

void replace_child(Node& parent, std::size_t index, Node& value, Mark key_at) {
  Node& old = *parent.children[index];
  if (parent.lookup != nullptr) parent.lookup->erase(old.key);
  value.key = old.key;
  value.key_at = key_at;
  value.parent = &parent;
  value.index = index;
  parent.children[index] = &value;
  if (parent.lookup != nullptr) parent.lookup->emplace(value.key, &value);
}

void remove_child(Node& parent, std::size_t index) {
  if (parent.lookup != nullptr) parent.lookup->erase(parent.children[index]->key);
  parent.children.erase(parent.children.begin() + static_cast<std::ptrdiff_t>(index));
  for (std::size_t i = index; i < parent.children.size(); ++i) parent.children[i]->index = i;
}

}  // namespace core_lib::config
