// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "solr/document_receiver.hpp"
#include "solr/json/javabin_reader.hpp"
#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

/// Reads the documents of an answer in javabin while it arrives, one after the other.
class JavabinSplitter {
 public:
  explicit JavabinSplitter(DocumentReceiver& receiver);

  /// @throws Error  what comes has no documents, or tells of a failure
  void take(std::string_view part);
  /// @throws Error  the answer ended early
  void finish();

 private:
  void read();
  const char* try_head(const char* at);
  const char* read_head(const char* at);
  const char* enter_response(const char* at);
  const char* try_document(const char* at);
  const char* try_entity(const char* at);
  const mapping::Field* take_field(const char*& at);
  void keep_shared_texts();
  void forget_shared_texts(std::size_t known);

  DocumentReceiver& receiver_;
  const EntitySink* sink_;  ///< Null where every document becomes a Value.
  Tree tree_{};
  JavabinReader reader_{tree_};
  std::string bytes_{};              ///< Those that no document was read from yet.
  std::size_t enough_ = 0;           ///< So many of them are worth another reading.
  std::deque<std::string> texts_{};  ///< Shared ones, which outlive the bytes.
  std::size_t text_bytes_ = 0;
  std::vector<const mapping::Field*> known_fields_{};  ///< Of the first names among the shared texts; or null.
  std::size_t hint_ = 0;
  bool is_entity_ = false;  ///< The last document is in the sink, and not in the tree.
  JavabinReader::Members documents_{};
  bool in_list_ = false;
  bool ended_ = false;
};

}  // namespace core_lib::solr::detail
