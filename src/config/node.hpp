// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core_lib/config/resolvers.hpp"

namespace core_lib::config {

struct Text;

/// What a YAML value is. Missing is `???`; interpolation is text whose value is only known when it is read.
enum class Kind : std::uint8_t { null, missing, boolean, integer, real, text, interpolation, map, list };

/// 1-based; 0 where nothing is known.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One value of a tree. Scalars keep their text as it was written, so that no read loses precision.
struct Node {
  Kind kind = Kind::null;
  Mark at;      ///< Where the value begins.
  Mark key_at;  ///< Where its key begins; the value's place outside of maps.
  std::shared_ptr<const std::string> file;
  std::string key;
  std::size_t index = 0;  ///< Place among its siblings.
  std::string text;
  std::shared_ptr<const Text> expression;  ///< Of an interpolation.
  const Node* parent = nullptr;
  std::vector<Node*> children;
  std::unique_ptr<std::unordered_map<std::string_view, Node*>> lookup;  ///< Of larger maps.

  [[nodiscard]] bool is_container() const noexcept { return kind == Kind::map || kind == Kind::list; }
  [[nodiscard]] Node* find(std::string_view name) const;
  [[nodiscard]] std::string where() const;
  /// Where a person looks for this node: its key where it has one.
  [[nodiscard]] std::string key_where() const;
  [[nodiscard]] std::string path() const;
};

/// Owns nodes. Built once, then shared and never changed.
class Tree {
 public:
  Tree() = default;
  /// Nodes computed from another tree: roots and resolvers are that tree's.
  explicit Tree(std::shared_ptr<const Tree> base) : base_(std::move(base)) {}

  [[nodiscard]] Node& make(Kind kind, std::shared_ptr<const std::string> file, Mark at);
  /// Copies a subtree, from any tree, without a place in this one.
  [[nodiscard]] Node& copy(const Node& source);
  [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }

  [[nodiscard]] const Node& root() const noexcept { return base_ ? base_->root() : *root_; }
  /// The root while the tree is being built.
  [[nodiscard]] Node& own_root() noexcept { return *root_; }
  void set_root(Node& root) noexcept { root_ = &root; }
  [[nodiscard]] const Resolvers& resolvers() const noexcept { return base_ ? base_->resolvers() : resolvers_; }
  void set_resolvers(Resolvers resolvers) { resolvers_ = std::move(resolvers); }

 private:
  std::deque<Node> nodes_;
  Node* root_ = nullptr;
  Resolvers resolvers_;
  std::shared_ptr<const Tree> base_;
};

/// Adds an entry to a map, which has no such key yet.
void add_entry(Node& map, std::string key, Mark key_at, Node& value);
void add_element(Node& list, Node& value);
/// Puts another value in the place of a child, which keeps its name.
void replace_child(Node& parent, std::size_t index, Node& value, Mark key_at);
void remove_child(Node& parent, std::size_t index);

/// Longest nesting that is read or walked through.
inline constexpr std::size_t max_depth = 200;

}  // namespace core_lib::config
