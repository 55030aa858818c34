// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/solr/detail/node.hpp"

namespace core_lib::solr::detail {

/// An answer's nodes, and the texts that they view.
class Tree {
 public:
  /// Reads JSON.
  /// @param what  what is read, for messages
  /// @throws Error  it is no JSON, no UTF-8, cut short or too deep
  [[nodiscard]] static std::shared_ptr<const Tree> parse_json(std::string json, std::string_view what);
  /// Reads Solr's binary format. @throws Error  as above
  [[nodiscard]] static std::shared_ptr<const Tree> parse_javabin(std::string bytes, std::string_view what);

  Tree() = default;
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  [[nodiscard]] const Node* root() const noexcept { return nodes_.empty() ? &missing : nodes_.data(); }

  static const Node missing;
  static constexpr std::size_t max_depth = 200;

 private:
  friend class JsonReader;
  friend class JavabinReader;

  Node& add(std::string_view key, ValueKind kind) {
    Node& node = nodes_.emplace_back();
    if (!key.empty()) node.key = key.data();
    node.key_size = static_cast<std::uint32_t>(key.size());
    node.kind = kind;
    return node;
  }
  void add_text(std::string_view key, std::string_view text) {
    Node& node = add(key, ValueKind::text);
    node.text = text.data();
    node.size = static_cast<std::uint32_t>(text.size());
  }
  /// Begins an object or an array, and tells where it stands, for close().
  std::size_t open(std::string_view key, ValueKind kind) {
    add(key, kind);
    return nodes_.size() - 1;
  }
  /// What was added since open() is in it.
  void close(std::size_t at) noexcept { nodes_[at].size = static_cast<std::uint32_t>(nodes_.size() - at - 1); }

  std::shared_ptr<const void> source_;  ///< The JSON's texts.
  std::string text_;                    ///< The javabin.
  std::deque<std::string> texts_;       ///< Those that do not stand in it as they are.
  std::vector<Node> nodes_;
};

/// How many bytes must be free behind a JSON text, so that reading it does not move it.
inline constexpr std::size_t json_padding = 64;

}  // namespace core_lib::solr::detail
