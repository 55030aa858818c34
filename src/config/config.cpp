// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/config.hpp"

#include <algorithm>
#include <utility>

#include "core_lib/config/resolvers.hpp"

#include "config/access.hpp"
#include "config/evaluator.hpp"
#include "config/near_names.hpp"
#include "config/path.hpp"
#include "config/yaml_composer.hpp"

namespace core_lib {

using config::Access;
using config::Evaluator;
using config::Kind;
using config::Node;

namespace {

Config resolved(const Config& config) { return Evaluator().resolve(config); }

Kind kind_of(const Config& config) { return Access::node(resolved(config)).kind; }

[[noreturn]] void fail_absent(const Node& parent, std::string_view step) {
  std::string path = parent.path();
  if (parent.kind == Kind::list) {
    path.append("[").append(step).append("]");
  } else {
    config::append_key(path, step);
  }
  throw ConfigError(path + ": " + config::absence(parent, step));
}

}  // namespace

Config::Config(std::shared_ptr<const config::Tree> tree, const Node* node) noexcept
    : tree_(std::move(tree)), node_(node) {}

Config::Config() : Config(parse("")) {}

Config Config::parse(std::string_view yaml, std::string_view name) { return parse(yaml, name, Resolvers()); }

Config Config::parse(std::string_view yaml, std::string_view name, const Resolvers& resolvers) {
  config::Tree tree = config::compose_yaml(yaml, std::string(name));
  tree.set_resolvers(resolvers);
  return Access::handle(std::move(tree));
}

Config Config::load(const std::string& file) { return load(file, Resolvers()); }

Config Config::load(const std::string& file, const Resolvers& resolvers) {
  return parse(config::read_file(file), file, resolvers);
}

Config Config::at(std::string_view path) const {
  Config current = *this;
  for (const std::string& step : config::split_path(path)) {
    const Config container = resolved(current);
    current = Evaluator().child(container, step);
    if (!current.present()) fail_absent(*container.node_, step);
  }
  return current;
}

Config Config::operator[](std::string_view key) const {
  const Config container = resolved(*this);
  Config found = Evaluator().child(container, key);
  if (!found.present()) fail_absent(*container.node_, key);
  return found;
}

Config Config::operator[](std::size_t index) const {
  const Config container = resolved(*this);
  if (container.node_->kind != Kind::list) {
    fail("expected a list, found " + std::string(config::name_of(container.node_->kind)));
  }
  if (index >= container.node_->children.size()) fail_absent(*container.node_, std::to_string(index));
  return {container.tree_, container.node_->children[index]};
}

Config Config::find(std::string_view path) const {
  Config current = *this;
  for (const std::string& step : config::split_path(path)) {
    current = Evaluator().child(current, step);
    if (!current.present()) break;
  }
  return current;
}

bool Config::contains(std::string_view path) const {
  const Config found = find(path);
  return found.present() && found.node_->kind != Kind::missing;
}

bool Config::has_value() const {
  if (!present()) return false;
  const Kind kind = kind_of(*this);
  return kind != Kind::null && kind != Kind::missing;
}

bool Config::is_null() const { return kind_of(*this) == Kind::null; }
bool Config::is_missing() const { return kind_of(*this) == Kind::missing; }
bool Config::is_map() const { return kind_of(*this) == Kind::map; }
bool Config::is_list() const { return kind_of(*this) == Kind::list; }
bool Config::is_scalar() const {
  const Kind kind = kind_of(*this);
  return kind != Kind::null && kind != Kind::missing && kind != Kind::map && kind != Kind::list;
}

std::size_t Config::size() const {
  const Config container = resolved(*this);
  const Kind kind = container.node_->kind;
  if (kind == Kind::null || container.node_->is_container()) return container.node_->children.size();
  fail("expected a map or a list, found " + std::string(config::name_of(kind)));
}

std::vector<std::string> Config::keys() const {
  const Config container = resolved(*this);
  const Kind kind = container.node_->kind;
  if (kind != Kind::map && kind != Kind::null) fail("expected a map, found " + std::string(config::name_of(kind)));
  return config::keys_of(*container.node_);
}

Config::Iterator Config::begin() const {
  if (size() == 0) return {};
  const Config container = resolved(*this);
  return {container.tree_, container.node_, 0};
}

Config::Iterator Config::end() const { return {nullptr, nullptr, size()}; }

Config Config::Iterator::operator*() const { return {tree_, parent_->children[index_]}; }

const std::string& Config::key() const noexcept { return node_->key; }
std::string Config::path() const { return node_->path(); }
std::string Config::where() const { return node_->where(); }
const std::string& Config::origin() const noexcept { return *node_->file; }
Config Config::root() const { return {tree_, &tree_->root()}; }

void Config::reject_unknown_keys(std::initializer_list<std::string_view> known) const {
  constexpr std::string_view reserved[] = {"_target_", "_recursive_", "_instance_key_"};
  const Config container = resolved(*this);
  const Kind kind = container.node_->kind;
  if (kind == Kind::null) return;
  if (kind != Kind::map) fail("expected a map, found " + std::string(config::name_of(kind)));
  for (const Node* child : container.node_->children) {
    const std::string& key = child->key;
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    if (std::find(std::begin(reserved), std::end(reserved), key) != std::end(reserved)) continue;
    throw ConfigError(config::describe_key(*child) + ": unknown key '" + key + "'" +
                      config::suggest(key, std::vector<std::string>(known.begin(), known.end())));
  }
}

void Config::fail(std::string_view message) const {
  throw ConfigError(config::describe(*node_) + ": " + std::string(message));
}

}  // namespace core_lib
