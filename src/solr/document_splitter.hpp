// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "core_lib/solr/value.hpp"

namespace core_lib::solr::detail {

/// Cuts an answer into its documents while it arrives, and reads them in batches.
class DocumentSplitter {
 public:
  /// @param exports  documents may tell of a failure, as those of an export do
  DocumentSplitter(const std::function<void(Value)>& receive, bool exports) : receive_(receive), exports_(exports) {}

  /// @throws Error  what comes has no documents, or tells of a failure
  void take(std::string_view part);
  /// @throws Error  the answer ended early
  void finish();
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  void read_batch();
  void refuse_partial() const;
  [[nodiscard]] std::size_t scan_string(std::string_view part, std::size_t at) noexcept;

  static constexpr std::size_t batch_bytes = std::size_t{64} << 10U;
  static constexpr std::size_t longest_head = 4096;
  static constexpr std::size_t longest_document = std::size_t{64} << 20U;

  const std::function<void(Value)>& receive_;
  bool exports_;
  std::string head_{};   ///< Until the list of documents begins.
  std::string batch_{};  ///< Documents, and the commas between, from a bracket on.
  bool in_list_ = false;
  bool ended_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  std::size_t depth_ = 0;
  std::size_t count_ = 0;
};

}  // namespace core_lib::solr::detail
