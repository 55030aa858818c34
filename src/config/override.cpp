// SPDX-License-Identifier: Apache-2.0
#include "config/override.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "config/access.hpp"
#include "config/merge.hpp"
#include "config/path.hpp"
#include "config/scalar_resolver.hpp"
#include "config/yaml_composer.hpp"

namespace core_lib::config {
namespace {

constexpr std::size_t longest_override = 1U << 20U;

[[noreturn]] void refuse(const Override& change, const std::string& what) {
  throw ConfigError("override '" + change.where + "': " + what);
}

std::string_view sign_of(Override::Action action) {
  switch (action) {
    case Override::Action::change:
      return "";
    case Override::Action::add:
      return "+";
    case Override::Action::change_or_add:
      return "++";
    case Override::Action::remove:
      return "~";
  }
  return "";
}

Override::Action take_sign(std::string_view& text) {
  for (const auto action : {Override::Action::change_or_add, Override::Action::add, Override::Action::remove}) {
    if (!text.starts_with(sign_of(action))) continue;
    text.remove_prefix(sign_of(action).size());
    return action;
  }
  return Override::Action::change;
}

bool adds(const Override& change) {
  return change.action == Override::Action::add || change.action == Override::Action::change_or_add;
}

bool same_value(const Node& node, const Node& other) {
  if (node.kind != other.kind || node.children.size() != other.children.size()) return false;
  if (node.kind == Kind::boolean) return parse_bool(node.text) == parse_bool(other.text);
  if (!node.is_container() && node.kind != Kind::null && node.text != other.text) return false;
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    const Node* twin = node.kind == Kind::list ? other.children[i] : other.find(node.children[i]->key);
    if (twin == nullptr || !same_value(*node.children[i], *twin)) return false;
  }
  return true;
}

// Applies one override: finds the container that its path leads into, then changes the last step there.
class Change {
 public:
  Change(Tree& tree, const Override& change)
      : tree_(tree), change_(change), file_(std::make_shared<const std::string>("override " + change.where)) {}

  void apply() {
    const std::vector<std::string> steps = split_path(change_.key);
    if (steps.size() > max_depth) refuse(change_, "the path is longer than " + std::to_string(max_depth) + " steps");
    Node* parent = &tree_.own_root();
    for (std::size_t i = 0; i + 1 < steps.size(); ++i) parent = &descend(*parent, steps[i]);
    if (!parent->is_container()) refuse_container(*parent, steps.back());
    Node* existing = child(*parent, steps.back());
    if (change_.action == Override::Action::remove) {
      remove(*parent, existing, steps.back());
    } else if (existing == nullptr) {
      add(*parent, steps.back());
    } else {
      replace(*parent, *existing);
    }
    if (tree_.size() > max_nodes) refuse(change_, "more than " + std::to_string(max_nodes) + " values");
  }

 private:
  [[nodiscard]] static Node* child(const Node& parent, const std::string& step) {
    if (parent.kind != Kind::list) return parent.find(step);
    const std::size_t index = list_index(step);
    return index < parent.children.size() ? parent.children[index] : nullptr;
  }

  [[noreturn]] void refuse_absent(const Node& parent, const std::string& step) const {
    std::string what = absence(parent, step);
    if (change_.action == Override::Action::change && parent.kind == Kind::map) {
      what += "; to add a key, write +" + change_.where;
    }
    refuse(change_, what);
  }

  [[noreturn]] void refuse_container(const Node& node, const std::string& step) const {
    refuse(change_, "'" + step + "' would be inside of " + describe(node) + ", which is " +
                        std::string(name_of(node.kind)) +
                        (node.kind == Kind::interpolation ? "; change what it refers to" : ""));
  }

  // The container under a step; made where the override may add.
  Node& descend(Node& parent, const std::string& step) {
    if (!parent.is_container()) refuse_container(parent, step);
    Node* next = child(parent, step);
    const bool is_nothing = next != nullptr && (next->kind == Kind::null || next->kind == Kind::missing);
    if (next != nullptr && !(is_nothing && adds(change_))) return *next;
    if (!adds(change_) || (next == nullptr && parent.kind == Kind::list)) refuse_absent(parent, step);
    Node& made = tree_.make(Kind::map, file_, {});
    if (next == nullptr) {
      add_entry(parent, step, {}, made);
    } else {
      replace_child(parent, next->index, made, {});
    }
    return made;
  }

  Node& value() { return make_literal(tree_, *change_.value, file_, {}); }

  void remove(Node& parent, const Node* existing, const std::string& step) {
    if (existing == nullptr) refuse_absent(parent, step);
    if (change_.value && !same_value(*existing, value())) {
      refuse(change_, "the value of " + describe(*existing) + " is another; nothing was removed");
    }
    remove_child(parent, existing->index);
  }

  void add(Node& parent, const std::string& step) {
    if (!adds(change_) || parent.kind == Kind::list) refuse_absent(parent, step);
    add_entry(parent, step, {}, value());
  }

  void replace(Node& parent, Node& existing) {
    Node& replacement = value();
    const bool has_value = existing.kind != Kind::null && existing.kind != Kind::missing;
    const bool merges = replacement.kind == Kind::map && parent.kind == Kind::map;
    if (change_.action == Override::Action::add && has_value && !replacement.is_container()) {
      refuse(change_, describe_key(existing) + " is there already; write " + change_.key + "=... to change it");
    }
    if (change_.action == Override::Action::change && merges) check_known(replacement, existing);
    if (merges) {
      replacement.key = existing.key;
      merge_entry(tree_, parent, replacement);
    } else {
      replace_child(parent, existing.index, replacement, {});
    }
  }

  // A map that changes may not bring keys along that were not there.
  void check_known(const Node& replacement, const Node& existing) const {
    if (replacement.kind != Kind::map || existing.kind != Kind::map) return;
    for (const Node* entry : replacement.children) {
      const Node* known = existing.find(entry->key);
      if (known == nullptr) refuse_absent(existing, entry->key);
      check_known(*entry, *known);
    }
  }

  Tree& tree_;
  const Override& change_;
  std::shared_ptr<const std::string> file_;
};

}  // namespace

Override parse_override(std::string_view text, std::size_t number) {
  const std::string place = "override " + std::to_string(number) + ": ";
  if (text.size() > longest_override) throw ConfigError(place + "longer than 1 MiB");
  Override change;
  change.action = take_sign(text);
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos && change.action != Override::Action::remove) {
    throw ConfigError(place + "it has no '='; overrides look like db.port=5432, +key=value, ~key or group=option");
  }
  change.where = std::string(sign_of(change.action)).append(text.substr(0, equals));
  if (equals != std::string_view::npos) change.where += "=...";
  const std::string_view key = text.substr(0, equals);
  const std::size_t at = key.find('@');
  change.key = key.substr(0, at);
  if (change.key.empty()) throw ConfigError(place + "it has no key; overrides look like db.port=5432");
  if (at != std::string_view::npos)
    change.package = read_package(key.substr(at + 1), place.substr(0, place.size() - 2));
  if (equals == std::string_view::npos) return change;
  try {
    change.value = parse_override_literal(text.substr(equals + 1));
  } catch (const GrammarError& error) {
    refuse(change, "its value cannot be read, at character " + std::to_string(error.offset + 1) + ": " + error.what);
  }
  return change;
}

void apply_override(Tree& tree, const Override& change) {
  if (change.package) refuse(change, "'" + change.key + "' is no group, so '@' has no meaning");
  Change(tree, change).apply();
}

}  // namespace core_lib::config
