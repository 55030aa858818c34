// SPDX-License-Identifier: Apache-2.0
#include "solr/document_splitter.hpp"

#include <algorithm>
#include <cstring>

#include "core_lib/solr/reply.hpp"

#include "solr/json/tree.hpp"

namespace core_lib::solr::detail {

/// The end of a string, or of the part where the string goes on behind it.
std::size_t DocumentSplitter::scan_string(std::string_view part, std::size_t at) noexcept {
  for (; at < part.size(); ++at) {
    if (escaped_) {
      escaped_ = false;
    } else if (part[at] == '\\') {
      escaped_ = true;
    } else if (part[at] == '"') {
      in_string_ = false;
      return at;
    }
  }
  return at;
}

void DocumentSplitter::take(std::string_view part) {
  const bool begins = !javabin_ && !in_list_ && head_.empty();
  if (begins && part.starts_with('\2')) javabin_.emplace(receiver_);
  if (javabin_) {
    javabin_->take(part);
  } else {
    take_json(part);
  }
}

void DocumentSplitter::take_json(std::string_view part) {
  constexpr std::string_view list = "\"docs\":[";
  if (!in_list_) {
    head_ += part;
    const std::size_t at = head_.find(list);
    if (std::min(at, head_.size()) > DocumentReceiver::longest_head) finish();
    if (at == std::string::npos) return;
    if (head_.find("\"response\":{") > at) {  // a group has such a list too, and others follow
      DocumentReceiver::refuse_groups();
    }
    const std::string rest = head_.substr(at + list.size());
    head_.resize(at);
    refuse_partial();
    in_list_ = true;
    batch_ = "[";
    take_json(rest);
    return;
  }
  std::size_t start = 0;
  for (std::size_t at = 0; at < part.size() && !ended_; ++at) {
    if (in_string_) {
      at = scan_string(part, at);
      continue;
    }
    const char c = part[at];
    if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      ++depth_;
    } else if (depth_ == 0 && c == ']') {
      batch_.append(part, start, at - start);
      start = part.size();
      ended_ = true;
      read_batch();
    } else if (c == '}' || c == ']') {
      --depth_;
      if (depth_ == 0 && batch_.size() + at - start >= DocumentReceiver::batch_bytes) {
        batch_.append(part, start, at + 1 - start);
        start = at + 1;
        read_batch();
      }
    }
  }
  if (!ended_) batch_.append(part, start);
  if (batch_.size() > DocumentReceiver::longest_document) DocumentReceiver::refuse_long_document();
}

void DocumentSplitter::read_batch() {
  // Behind the first batch the comma before a document is the first thing in it.
  std::size_t first = 1;
  while (first < batch_.size() && (batch_[first] == ',' || static_cast<unsigned char>(batch_[first]) <= ' ')) {
    batch_[first++] = ' ';
  }
  batch_ += ']';
  const Reply documents(Tree::parse_json(std::move(batch_), "an answer of Solr"));
  batch_ = "[";
  for (const Value document : documents.root()) receiver_.hand_over(document);
}

void DocumentSplitter::refuse_partial() const {
  for (const char* partial : {R"("partialResults":true)", R"("partialResults":"omitted")"}) {
    if (head_.find(partial) != std::string::npos) DocumentReceiver::refuse_partial();
  }
}

void DocumentSplitter::finish() {
  if (javabin_) return javabin_->finish();
  if (!in_list_) refuse_partial();
  if (!in_list_) DocumentReceiver::refuse_stranger();
  if (!ended_) DocumentReceiver::refuse_early_end();
}

}  // namespace core_lib::solr::detail
