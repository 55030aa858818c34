// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core_lib/solr/value.hpp"

#include "solr/document_receiver.hpp"
#include "solr/javabin_splitter.hpp"

namespace core_lib::solr::detail {

/// Cuts an answer into its documents while it arrives. JSON is read in batches; what begins as javabin does is read by
/// a JavabinSplitter.
class DocumentSplitter {
 public:
  /// @param exports  documents may tell of a failure, as those of an export do
  /// @param sink  gets those that need not become a Value first; null for nobody
  DocumentSplitter(const std::function<void(Value)>& receive, bool exports, const EntitySink* sink = nullptr)
      : receiver_(receive, exports, sink) {}

  /// @throws Error  what comes has no documents, or tells of a failure
  void take(std::string_view part);
  /// @throws Error  the answer ended early
  void finish();
  [[nodiscard]] std::size_t count() const noexcept { return receiver_.count(); }

 private:
  void read_batch();
  void take_json(std::string_view part);
  void refuse_partial() const;
  [[nodiscard]] std::size_t scan_string(std::string_view part, std::size_t at) noexcept;

  DocumentReceiver receiver_;
  std::optional<JavabinSplitter> javabin_{};
  std::string head_{};   ///< Until the list of documents begins.
  std::string batch_{};  ///< Documents, and the commas between, from a bracket on.
  bool in_list_ = false;
  bool ended_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
  std::size_t depth_ = 0;
};

}  // namespace core_lib::solr::detail
