// SPDX-License-Identifier: Apache-2.0
#include "config/evaluator.hpp"

#include <algorithm>
#include <utility>

#include "config/access.hpp"
#include "config/path.hpp"
#include "config/scalar_resolver.hpp"

namespace core_lib::config {
namespace {

// A computed value has the path of the one that was declared.
Config in_place_of(const Node& declared, Tree tree, Node& node) {
  node.parent = declared.parent;
  node.key = declared.key;
  node.key_at = declared.key_at;
  node.index = declared.index;
  return Access::handle(std::make_shared<const Tree>(std::move(tree)), &node);
}

}  // namespace

void Evaluator::fail(const Config& declared, const std::string& what) const {
  std::string text = describe(Access::node(declared)) + ": " + what;
  if (chain_.size() > 1) text += "; read for " + describe(*chain_.front());
  throw ConfigError(text);
}

Config Evaluator::resolve(const Config& declared) {
  const Node& node = Access::node(declared);
  if (node.kind != Kind::interpolation) return declared;
  if (std::find(chain_.begin(), chain_.end(), &node) != chain_.end()) {
    std::string cycle;
    for (const Node* step : chain_) cycle += step->path() + " -> ";
    throw ConfigError(describe(*chain_.front()) + ": interpolation cycle: " + cycle + node.path());
  }
  if (chain_.size() >= max_references) fail(declared, "interpolations lead to each other more than 100 times");
  if (++evaluations_ > max_evaluations) fail(declared, "more than 10,000 interpolations for one value");
  chain_.push_back(&node);
  Config value = evaluate(declared, *node.expression);
  chain_.pop_back();
  return value;
}

Config Evaluator::evaluate(const Config& declared, const Text& text) {
  if (text.pieces.size() == 1) return evaluate(declared, *text.pieces[0].interpolation);
  return computed(declared, Kind::text, text_of(declared, text));
}

Config Evaluator::evaluate(const Config& declared, const Interpolation& interpolation) {
  if (const auto* call_of = std::get_if<Call>(&interpolation.what)) return call(declared, *call_of);
  const Config target = follow(declared, std::get<Reference>(interpolation.what), interpolation.source);
  return resolve(target);
}

Config Evaluator::start_of(const Config& declared, const Reference& reference, const std::string& source) const {
  const auto& tree = Access::tree(declared);
  if (reference.dots == 0) return Access::handle(tree, &tree->root());
  const Node* start = &Access::node(declared);
  for (std::size_t i = 0; i < reference.dots; ++i) {
    start = start->parent;
    if (start == nullptr) fail(declared, "the interpolation " + source + " leads above the root");
  }
  return Access::handle(tree, start);
}

std::vector<std::string> Evaluator::steps_of(const Config& declared, const Reference& reference) {
  std::vector<std::string> steps;
  for (const ReferenceStep& step : reference.steps) {
    std::string name = text_of(declared, step.name);
    if (step.in_brackets || step.name.is_literal()) {
      steps.push_back(std::move(name));
    } else {
      for (std::string& part : split_path(name)) steps.push_back(std::move(part));
    }
  }
  return steps;
}

Config Evaluator::follow(const Config& declared, const Reference& reference, const std::string& source) {
  Config target = start_of(declared, reference, source);
  for (const std::string& step : steps_of(declared, reference)) {
    Config container = resolve(target);
    const Node& node = Access::node(container);
    if (!node.is_container()) {
      fail(declared, "the interpolation " + source + " looks for '" + step + "' in " + describe(node) + ", which is " +
                         std::string(name_of(node.kind)));
    }
    target = child(container, step);
    if (!Access::present(target)) fail(declared, "the interpolation " + source + " finds " + absence(node, step));
  }
  return target;
}

Config Evaluator::child(const Config& parent, std::string_view step) {
  const Config container = resolve(parent);
  const Node& node = Access::node(container);
  const Node* found = nullptr;
  if (node.kind == Kind::map) {
    found = node.find(step);
  } else if (node.kind == Kind::list) {
    const std::size_t index = list_index(step);
    if (index < node.children.size()) found = node.children[index];
  } else if (node.kind == Kind::missing) {
    throw ConfigError(describe(node) + ": the value is missing: ???; so '" + std::string(step) +
                      "' cannot be read from it");
  } else if (node.kind != Kind::null) {
    throw ConfigError(describe(node) + ": expected a map or a list to read '" + std::string(step) + "' from, found " +
                      std::string(name_of(node.kind)));
  }
  return Access::handle(Access::tree(container), found);
}

std::string Evaluator::text_of(const Config& declared, const Text& text) {
  std::string result;
  for (const Piece& piece : text.pieces) {
    result += piece.interpolation == nullptr ? piece.literal : text_of(declared, piece);
    if (result.size() > max_text) fail(declared, "interpolations make more than 1 MiB of text");
  }
  return result;
}

std::string Evaluator::text_of(const Config& declared, const Piece& piece) {
  if (++evaluations_ > max_evaluations) fail(declared, "more than 10,000 interpolations for one value");
  const Config value = evaluate(declared, *piece.interpolation);
  const Node& node = Access::node(value);
  switch (node.kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return parse_bool(node.text) == true ? "true" : "false";
    case Kind::missing:
      fail(declared, "the interpolation needs " + describe(node) + ", which is missing: ???");
    case Kind::map:
    case Kind::list:
      fail(declared, "text cannot hold " + describe(node) + ", which is " + std::string(name_of(node.kind)));
    default:
      return node.text;
  }
}

Config Evaluator::computed(const Config& declared, Kind kind, std::string text) const {
  Tree tree(Access::tree(declared));
  const Node& at = Access::node(declared);
  Node& node = tree.make(kind, at.file, at.at);
  node.text = std::move(text);
  return in_place_of(at, std::move(tree), node);
}

Config Evaluator::computed(const Config& declared, const Literal& literal) const {
  Tree tree(Access::tree(declared));
  const Node& at = Access::node(declared);
  Node& node = make_literal(tree, literal, at.file, at.at);
  return in_place_of(at, std::move(tree), node);
}

}  // namespace core_lib::config
