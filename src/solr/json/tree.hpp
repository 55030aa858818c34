// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core_lib/mapping/field.hpp"
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

  Tree();
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  ~Tree();

  [[nodiscard]] const Node* root() const noexcept { return nodes_.empty() ? &missing : nodes_.data(); }

  static const Node missing;
  static constexpr std::size_t max_depth = 200;

 private:
  friend class JsonReader;
  friend class JavabinReader;

  Node& add(std::string_view key, ValueKind kind) { return nodes_.emplace_back(key, kind); }
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

  /// A thread keeps the memory of its last tree for the next one, which may end on another thread.
  struct Memory {
    std::vector<Node> nodes{};
    std::shared_ptr<void> document{};  ///< Of simdjson: the texts of JSON.
    std::size_t longest = 0;           ///< JSON that it has held, in bytes.
    std::atomic<bool> is_free = false;
  };

  std::shared_ptr<Memory> memory_;
  std::vector<Node>& nodes_;
  std::string text_{};        ///< The javabin.
  mapping::Scratch texts_{};  ///< Those that do not stand in it as they are.
};

/// How many bytes must be free behind a JSON text, so that reading it does not move it.
inline constexpr std::size_t json_padding = 64;

}  // namespace core_lib::solr::detail
