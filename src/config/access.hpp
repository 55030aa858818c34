// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core_lib/config/config.hpp"
#include "core_lib/error/error.hpp"

#include "config/node.hpp"

namespace core_lib::config {

/// What this folder sees of a Config and nobody else does.
struct Access {
  [[nodiscard]] static Config handle(std::shared_ptr<const Tree> tree, const Node* node) {
    return Config(std::move(tree), node);
  }
  [[nodiscard]] static Config handle(Tree tree) {
    auto shared = std::make_shared<const Tree>(std::move(tree));
    const Node* root = &shared->root();
    return Config(std::move(shared), root);
  }
  [[nodiscard]] static const Node& node(const Config& config) { return *config.node_; }
  [[nodiscard]] static const std::shared_ptr<const Tree>& tree(const Config& config) { return config.tree_; }
  [[nodiscard]] static bool present(const Config& config) { return config.present(); }
  /// The node under a path, or a handle that is not present(). Throws only where the path cannot lead anywhere.
  [[nodiscard]] static Config find(const Config& config, std::string_view path) { return config.find(path); }
};

/// "core_lib.data.url (app.yaml:3:5)".
[[nodiscard]] std::string describe(const Node& node);
/// The same, pointing at the key.
[[nodiscard]] std::string describe_key(const Node& node);
/// "a map", "null", "text", ...
[[nodiscard]] std::string_view name_of(Kind kind);
/// The keys of a map as they are in the file.
[[nodiscard]] std::vector<std::string> keys_of(const Node& map);
/// Why there is no such child: the path, where the parent is, near keys.
[[nodiscard]] std::string absence(const Node& parent, std::string_view step);

}  // namespace core_lib::config
