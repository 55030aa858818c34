// SPDX-License-Identifier: Apache-2.0
#include "solr/request_watch.hpp"

#include <string_view>

namespace core_lib::solr::detail {
namespace {

/// The first name in a JSON object, which for an update is its command; "..." for an array and whatever else.
std::string_view shape_of(std::string_view json) noexcept {
  if (!json.starts_with("{\"")) return "...";
  const std::string_view rest = json.substr(2);
  return rest.substr(0, rest.find('"'));
}

ObservedQuery as_query(const Observed& observed, std::uint64_t id, std::string_view statement) noexcept {
  return {.id = id, .engine = "solr", .source = observed.source, .statement = statement};
}

}  // namespace

std::string fingerprint(const Request& request) {
  std::string text = request.path;
  char separator = '?';
  for (const auto& [name, value] : request.parameters.entries()) {
    text.append(1, separator).append(name).append("=?");
    separator = '&';
  }
  if (request.body.empty()) return text;
  const bool object = request.body.starts_with('{');
  return text.append(object ? " {" : " [").append(shape_of(request.body)).append(1, object ? '}' : ']');
}

RequestWatch::RequestWatch(Observed* observed, const Request& request) : observed_(observed) {
  if (observed_ == nullptr) return;
  statement_ = fingerprint(request);
  id_ = ++observed_->last_id;
  since_ = std::chrono::steady_clock::now();
  observed_->observer->query_started(as_query(*observed_, id_, statement_));
}

void RequestWatch::answered(const Response& response) {
  if (observed_ == nullptr) return;
  node_ = response.node;
  http_.status = response.status;
  http_.bytes = response.body.size() + response.streamed;
}

void RequestWatch::ended(std::uint64_t rows, std::chrono::milliseconds server_time) noexcept {
  http_.server_time = server_time;
  tell({.rows = rows});
}

void RequestWatch::failed(const std::exception_ptr& error) noexcept { tell({.failure = Failure::of(error)}); }

void RequestWatch::tell(QueryOutcome outcome) noexcept {
  if (observed_ == nullptr) return;
  outcome.duration = std::chrono::steady_clock::now() - since_;
  outcome.http = http_;
  outcome.http.node = node_;
  observed_->observer->query_ended(as_query(*observed_, id_, statement_), outcome);
}

}  // namespace core_lib::solr::detail
