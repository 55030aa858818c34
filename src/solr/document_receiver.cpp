// SPDX-License-Identifier: Apache-2.0
#include "solr/document_receiver.hpp"

#include <string>

#include "core_lib/error/error.hpp"

#include "solr/error_reply.hpp"

namespace core_lib::solr::detail {

void DocumentReceiver::hand_over(Value document) {
  const Value first = exports_ && document.begin() != document.end() ? *document.begin() : Value();
  if (first.kind() == ValueKind::text && first.key() == failure_field) {
    const std::string why = without_values(first.text());
    if (count_ == 0) throw SyntaxError("Solr refuses the export: " + why, {.native_code = "400"});
    throw Error("Solr broke off the export: " + why, {.status_code = 502});
  }
  receive_(document);
  ++count_;
}

void DocumentReceiver::refuse_partial() {
  throw DeadlineExceeded("Solr's own time was up, so that documents would be missing");
}

void DocumentReceiver::refuse_groups() {
  throw Error("Solr's answer has no documents, or has them in groups", {.status_code = 502});
}

void DocumentReceiver::refuse_stranger() {
  throw Error("the answer has no documents; is it Solr's?", {.status_code = 502});
}

void DocumentReceiver::refuse_early_end() { throw Error("Solr's answer ended early", {.status_code = 502}); }

void DocumentReceiver::refuse_long_document() { throw Error("a document is longer than 64 MiB", {.status_code = 502}); }

}  // namespace core_lib::solr::detail
