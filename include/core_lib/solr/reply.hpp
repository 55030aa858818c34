// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "core_lib/solr/value.hpp"

namespace core_lib::solr {
namespace detail {
class Tree;
}

/// What Solr answered, as a tree. Copies share it. Lifetime: keeps alive what its values and texts refer to.
class Reply {
 public:
  explicit Reply(std::shared_ptr<const detail::Tree> tree) noexcept;

  /// The whole answer, `responseHeader` included. Lifetime: as the last copy of the reply.
  [[nodiscard]] Value root() const noexcept { return root_; }
  [[nodiscard]] Value operator[](std::string_view key) const noexcept { return root_[key]; }
  /// `responseHeader.status`: 0 where all is well.
  [[nodiscard]] std::int64_t status() const { return root_["responseHeader"]["status"].integer_or(0); }
  /// Milliseconds that the server took.
  [[nodiscard]] std::int64_t query_time() const { return root_["responseHeader"]["QTime"].integer_or(0); }

 private:
  std::shared_ptr<const detail::Tree> tree_;
  Value root_;
};

}  // namespace core_lib::solr
