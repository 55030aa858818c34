// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/stream.hpp"

#include "core_lib/error/error.hpp"

#include "solr/document_splitter.hpp"

namespace core_lib::solr {
namespace {

/// A cursor needs an order without ties.
std::string with_key(std::string_view sort, std::string_view key) {
  std::string text(sort);
  for (const std::string_view order : {" asc", " desc"}) {
    const std::size_t at = text.find(std::string(key).append(order));
    if (at == 0 || (at != std::string::npos && (text[at - 1] == ',' || text[at - 1] == ' '))) return text;
  }
  return text + (text.empty() ? "" : ",") + std::string(key) + " asc";
}

}  // namespace

DocumentStream::DocumentStream(Client client, const Query& query, const StreamOptions& options)
    : client_(std::move(client)), request_{.path = query.handler(), .parameters = query.parameters()} {
  if (options.page < 1) throw UsageError("a page of a stream holds at least 1 document");
  Parameters& parameters = request_.parameters;
  const std::string sort = with_key(parameters.get("sort").value_or(""), options.unique_key);
  parameters.set("sort", sort).set("rows", options.page).remove("start");
}

DocumentStream::Iterator DocumentStream::begin() {
  const bool is_walked = page_ || mark_ != "*";
  if (is_walked) throw UsageError("a stream of documents is walked once; make another one");
  fetch();
  return Iterator(this);
}

void DocumentStream::advance() {
  ++at_;
  // The mark that stays the same says that nothing came after it.
  if (done() && page_->next_cursor_mark() != mark_) {
    mark_ = page_->next_cursor_mark();
    fetch();
  }
}

void DocumentStream::fetch() {
  request_.parameters.set("cursorMark", mark_);
  at_ = end_ = {};
  page_.reset();  // so that the next one takes its memory
  page_.emplace(client_.send(request_));
  if (page_->is_partial()) {
    throw DeadlineExceeded("Solr's own time for a page of a stream was up, so that documents would be missing");
  }
  if (page_->next_cursor_mark().empty())
    throw Error("Solr answered a cursor without a next mark", {.status_code = 502});
  found_ = page_->found();
  at_ = page_->documents().begin();
  end_ = page_->documents().end();
}

namespace {

std::size_t receive_all(const Client& client, const Query& query, detail::DocumentSplitter& splitter) {
  Request request{.path = query.handler(), .parameters = query.parameters()};
  request.parameters.remove("wt");  // the client's is one that can be read
  request.receive = [&](std::string_view part) { splitter.take(part); };
  client.send_streamed(request, [&] {
    splitter.finish();
    return splitter.count();
  });
  return splitter.count();
}

}  // namespace

std::size_t receive_documents(const Client& client, const Query& query, const std::function<void(Value)>& receive) {
  detail::DocumentSplitter splitter(receive, query.handler() == "export");
  return receive_all(client, query, splitter);
}

std::size_t export_documents(const Client& client, const Query& query, const std::function<void(Value)>& receive) {
  return receive_documents(client, Query(query).handler("export"), receive);
}

std::size_t detail::export_entities(const Client& client, const Query& query, const EntitySink& sink) {
  std::size_t hint = 0;
  const std::function<void(Value)> receive = [&](Value document) {
    document.decode(sink.fields, sink.begin(), hint);
    sink.end();
  };
  DocumentSplitter splitter(receive, true, &sink);
  return receive_all(client, Query(query).handler("export"), splitter);
}

}  // namespace core_lib::solr
