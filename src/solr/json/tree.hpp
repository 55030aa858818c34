// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
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

  [[nodiscard]] const Node* root() const noexcept { return next_ == first_ ? &missing : first_; }

  static const Node missing;
  static constexpr std::size_t max_depth = 200;

 private:
  friend class JsonReader;
  friend class JavabinReader;

  /// Part of its callers, as a call would take as long as it does.
  [[gnu::always_inline]] Node& add(std::string_view key, ValueKind kind) {
    if (next_ == end_) [[unlikely]] {
      make_room(2 * count() + 16);
    }
    return *::new (next_++) Node(key, kind);
  }
  [[nodiscard]] std::size_t count() const noexcept { return static_cast<std::size_t>(next_ - first_); }
  /// Drops what was added behind so many.
  void resize(std::size_t count) noexcept { next_ = first_ + count; }
  void make_room(std::size_t nodes);
  void add_text(std::string_view key, std::string_view text) {
    Node& node = add(key, ValueKind::text);
    node.text = text.data();
    node.size = static_cast<std::uint32_t>(text.size());
  }
  /// Begins an object or an array, and tells where it stands, for close().
  std::size_t open(std::string_view key, ValueKind kind) {
    add(key, kind);
    return count() - 1;
  }
  /// What was added since open() is in it.
  void close(std::size_t at) noexcept { first_[at].size = static_cast<std::uint32_t>(count() - at - 1); }

  /// A thread keeps the memory of its last tree for the next one, which may end on another thread.
  struct Memory {
    std::vector<Node> nodes{};         ///< Room for so many.
    std::shared_ptr<void> document{};  ///< Of simdjson: the texts of JSON.
    std::size_t longest = 0;           ///< JSON that it has held, in bytes.
    std::atomic<bool> is_free = false;
  };

  std::shared_ptr<Memory> memory_;
  Node* first_;
  Node* next_;                ///< Behind the last one.
  Node* end_;                 ///< Of the room.
  std::string text_{};        ///< The javabin.
  mapping::Scratch texts_{};  ///< Those that do not stand in it as they are.
};

/// How many bytes must be free behind a JSON text, so that reading it does not move it.
inline constexpr std::size_t json_padding = 64;

}  // namespace core_lib::solr::detail
