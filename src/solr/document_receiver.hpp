// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

#include "core_lib/solr/stream.hpp"
#include "core_lib/solr/value.hpp"

namespace core_lib::solr::detail {

/// Hands the documents of an answer over, whatever its format, and counts them.
class DocumentReceiver {
 public:
  DocumentReceiver(const std::function<void(Value)>& receive, bool exports, const EntitySink* sink)
      : receive_(receive), exports_(exports), sink_(sink) {}

  /// @throws Error  the document of an export tells of a failure
  void hand_over(Value document);
  /// Where documents can be read straight into a struct, or null.
  [[nodiscard]] const EntitySink* sink() const noexcept { return sink_; }
  /// The struct of the sink has all of a document.
  void end_entity() {
    sink_->end();
    ++count_;
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }

  /// Answers that are not as they should be, in any format.
  /// @{
  [[noreturn]] static void refuse_partial();
  [[noreturn]] static void refuse_groups();
  [[noreturn]] static void refuse_stranger();
  [[noreturn]] static void refuse_early_end();
  [[noreturn]] static void refuse_long_document();
  /// @}

  /// The first field, and the only one, of the document that tells of a failure: a text.
  static constexpr std::string_view failure_field = "EXCEPTION";
  static constexpr std::size_t batch_bytes = std::size_t{64} << 10U;
  static constexpr std::size_t longest_head = 4096;
  static constexpr std::size_t longest_document = std::size_t{64} << 20U;

 private:
  const std::function<void(Value)>& receive_;
  bool exports_;
  const EntitySink* sink_;
  std::size_t count_ = 0;
};

}  // namespace core_lib::solr::detail
