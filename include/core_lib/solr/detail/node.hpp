// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

#include "core_lib/solr/value_kind.hpp"

namespace core_lib::solr::detail {

/// One value of an answer. The nodes of an answer stand in one array, each object and array before its children.
struct Node {
  Node() = default;
  Node(std::string_view name, ValueKind kind_of_value) noexcept
      : key(name.empty() ? "" : name.data()), key_size(static_cast<std::uint32_t>(name.size())), kind(kind_of_value) {}

  const char* key = "";
  std::uint32_t key_size = 0;
  ValueKind kind = ValueKind::missing;
  std::uint32_t size = 0;  ///< Bytes of a text; nodes in all below an object or an array.
  union {
    std::int64_t integer = 0;
    double real;
    bool boolean;
    const char* text;
  };
};

/// The next node that is not below this one.
[[nodiscard]] inline const Node* after(const Node* node) noexcept {
  return node + 1 + (node->kind >= ValueKind::array ? node->size : 0);
}

}  // namespace core_lib::solr::detail
