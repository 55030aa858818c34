// SPDX-License-Identifier: Apache-2.0
#include "core_lib/solr/client.hpp"

#include <algorithm>
#include <charconv>
#include <random>
#include <thread>

#include "core_lib/error/current_message.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/observability/failure.hpp"
#include "core_lib/solr/json_writer.hpp"
#include "core_lib/solr/quote.hpp"

#include "solr/error_reply.hpp"
#include "solr/http/http_node.hpp"
#include "solr/json/tree.hpp"
#include "solr/node_list.hpp"
#include "solr/request_watch.hpp"

namespace core_lib::solr {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<Transport> make_transport(const ClientOptions& options) {
  if (options.urls.empty()) throw UsageError("a client of Solr needs the address of a core: ClientOptions::urls");
  std::vector<std::shared_ptr<Transport>> nodes;
  for (const std::string& url : options.urls) {
    nodes.push_back(std::make_shared<http::HttpNode>(url, options.http, options.observer, options.logger));
  }
  if (nodes.size() == 1) return nodes[0];
  return std::make_shared<NodeList>(std::move(nodes), options.balancing, options.logger);
}

/// Sleeps before the next attempt: as long as the server asks for, else a little longer each time. False, at once,
/// where that is longer than anybody waits.
bool back_off(int attempt, const std::string& retry_after, Deadline deadline, milliseconds longest) {
  thread_local std::minstd_rand random(std::random_device{}());
  milliseconds pause(std::uniform_int_distribution<int>(1, 20 << std::min(attempt - 1, 6))(random));
  int seconds = 0;
  const char* const end = retry_after.data() + retry_after.size();
  const auto [rest, error] = std::from_chars(retry_after.data(), end, seconds);
  if (error == std::errc::result_out_of_range) return false;
  if (error == std::errc() && rest == end && seconds >= 0) pause = std::chrono::seconds(seconds);
  if (pause > longest || deadline.remaining() <= pause) return false;
  std::this_thread::sleep_for(pause);
  return true;
}

bool asks_for_patience(const Response& response) noexcept { return response.status == 429 || response.status == 503; }

std::vector<std::string> texts_of(Value list, std::string_view key) {
  std::vector<std::string> all;
  for (const Value element : list) all.emplace_back(element[key].text());
  return all;
}

/// A list that Solr takes apart at commas: what is special there gets a backslash.
std::string list_of(std::span<const std::string> ids) {
  if (ids.empty() || std::ranges::any_of(ids, &std::string::empty)) {
    throw UsageError("getting documents needs their ids, and none of them may be empty");
  }
  std::string list;
  for (const std::string& id : ids) {
    if (!list.empty()) list += ',';
    for (const char c : id) {
      if (c == ',' || c == '\\' || c == '"' || c == '\'') list += '\\';
      list += c;
    }
  }
  return list;
}

/// What failed of an idempotent update whose attempt before may have been stored: a refusal of the same documents says
/// all of both, and a failure of the server's own says nothing of either.
bool stands_after_another_attempt(std::string_view code) noexcept {
  return code == "400" || (code.size() == 3 && code[0] == '5');
}

/// Runs what one request takes, and tells of a failure where somebody watches.
template <class Run>
auto watched(detail::Observed* observed, const Request& request, const Run& run) {
  detail::RequestWatch watch(observed, request);
  try {
    return run(watch);
  } catch (...) {
    watch.failed(std::current_exception());
    throw;
  }
}

}  // namespace

Client::Client(ClientOptions options) : Client(make_transport(options), options) {}

Client::Client(std::shared_ptr<Transport> transport, ClientOptions options)
    : transport_(std::move(transport)), options_(std::make_shared<const ClientOptions>(std::move(options))) {
  if (transport_ == nullptr) throw UsageError("a client of Solr needs a transport");
  if (options_->attempts < 1) throw ConfigError("attempts must be at least 1");
  if (options_->observer == nullptr) return;
  observed_ = std::make_shared<detail::Observed>();
  observed_->observer = options_->observer;
  observed_->source = "solr " + std::string(transport_->name());
}

Client Client::within(milliseconds time) const {
  if (time.count() <= 0) throw UsageError("the time for a call to Solr must be longer than 0");
  Client limited = *this;
  limited.limit_ = time;
  return limited;
}

Client Client::traced(const TraceParent& trace) const {
  Client same = *this;
  same.trace_ = trace;
  return same;
}

void Client::complete(Request& request) const {
  // One for all attempts, on all nodes. What is streamed may go on for as long as it comes.
  const milliseconds timeout = request.receive ? milliseconds(0) : options_->http.timeout;
  for (const milliseconds limit : {limit_, timeout}) {
    if (limit.count() > 0) request.deadline = request.deadline.sooner(Deadline::in(limit));
  }
  Parameters& parameters = request.parameters;
  if (const auto format = parameters.get("wt"); !format && options_->binary_answers) {
    parameters.add("wt", "javabin");
  } else {
    if (!format) parameters.add("wt", "json");
    parameters.set("indent", "off").set("json.nl", "map");
  }
  // Solr would put the values of other parameters for ${name}, in any text of a user.
  if (!parameters.contains("expandMacros")) parameters.add("expandMacros", false);
  // Configurations often have Solr send them all back.
  if (!parameters.contains("echoParams")) parameters.add("echoParams", "none");
  if (trace_) request.headers.push_back({"traceparent", std::string(trace_->text())});
}

Response Client::send_checked(Request& request, detail::RequestWatch& watch) const {
  complete(request);
  bool maybe_done = false;  // an idempotent write may have reached a server
  try {
    return send_attempts(request, watch, maybe_done);
  } catch (const CommitUnknown&) {
    throw;
  } catch (...) {
    const std::string code = Failure::of(std::current_exception()).native_code;
    if (!maybe_done || stands_after_another_attempt(code)) throw;
    throw CommitUnknown(current_message() + "; an attempt before may have been stored",
                        {.native_code = code, .cause = std::current_exception()});
  }
}

Response Client::send_attempts(const Request& request, detail::RequestWatch& watch, bool& maybe_done) const {
  const milliseconds longest = options_->http.timeout.count() > 0 ? options_->http.timeout : milliseconds(60'000);
  for (int attempt = 1;; ++attempt) {
    const bool last = attempt >= options_->attempts;
    const auto goes_on = [&](const std::string& retry_after = {}) {
      return !last && back_off(attempt, retry_after, request.deadline, longest);
    };
    watch.tried();
    try {
      Response response = transport_->send(request);
      watch.answered(response);
      if (response.status / 100 == 2) return response;
      const bool may_go_on = request.effect != Effect::write && asks_for_patience(response);
      maybe_done |= request.effect == Effect::idempotent && response.status / 100 == 5;
      if (!may_go_on || !goes_on(response.retry_after)) {
        detail::throw_failure(request, response, transport_->name());
      }
    } catch (const CommitUnknown&) {
      if (request.effect != Effect::idempotent || !goes_on()) throw;
      maybe_done = true;
    } catch (const ConnectionLost& error) {
      if (!error.is_retryable() || !goes_on()) throw;
    }
  }
}

Reply Client::send(Request request) const {
  return watched(observed_.get(), request, [&](detail::RequestWatch& watch) {
    Response response = send_checked(request, watch);
    Reply reply = detail::read_answer(request, response);
    if (watch.watches()) watch.ended(reply["response"]["docs"].size(), milliseconds(reply.query_time()));
    return reply;
  });
}

void Client::send_streamed(Request request, const std::function<std::size_t()>& finish) const {
  watched(observed_.get(), request, [&](detail::RequestWatch& watch) {
    (void)send_checked(request, watch);
    watch.ended(finish ? finish() : 0, {});
  });
}

/// Somebody else's JSON is not an answer without documents.
Results Client::send_search(Request request) const {
  Reply reply = send(std::move(request));
  for (const char* key : {"response", "responseHeader", "grouped"}) {
    if (reply[key].exists()) return Results(std::move(reply));
  }
  throw Error("the answer of Solr at " + std::string(transport_->name()) +
                  " to a search has neither documents nor a header; is it Solr?",
              {.status_code = 502});
}

Results Client::search(const Query& query) const {
  return send_search({.path = query.handler(), .parameters = query.parameters()});
}

Results Client::search_json(std::string json) const {
  return send_search({.path = "query", .body = std::move(json), .content_type = "application/json"});
}

Results Client::get_by_ids(std::span<const std::string> ids) const {
  return send_search({.path = "get", .parameters = Parameters().add("ids", list_of(ids))});
}

Results Client::get_fields(const std::string& id, std::span<const mapping::Field> fields) const {
  std::string names;
  for (const mapping::Field& field : fields) names.append(names.empty() ? "" : ",").append(field.name);
  return send_search({.path = "get", .parameters = Parameters().add("ids", list_of({&id, 1})).add("fl", names)});
}

Results Client::more_like_this(const Query& query, std::initializer_list<std::string_view> fields,
                               std::string_view handler) const {
  Request request{.path = std::string(handler), .parameters = query.parameters()};
  std::string names;
  for (const std::string_view field : fields) names += (names.empty() ? "" : ",") + std::string(field);
  request.parameters.set("mlt.fl", names);
  return send_search(std::move(request));
}

std::vector<std::pair<std::string, std::int64_t>> Client::terms(std::string_view field, std::string_view prefix,
                                                                const TermsOptions& options,
                                                                std::string_view handler) const {
  Request request{.path = std::string(handler)};
  request.parameters.add("terms", true).add("terms.fl", field).add("terms.prefix", prefix);
  request.parameters.add("terms.limit", options.limit).add("terms.mincount", options.min_count);
  const Reply reply = send(std::move(request));
  std::vector<std::pair<std::string, std::int64_t>> all;
  for (const Value term : reply["terms"][field]) all.emplace_back(term.key(), term.integer());
  return all;
}

std::vector<std::string> Client::suggest(std::string_view dictionary, std::string_view text, int count, bool build,
                                         std::string_view handler) const {
  Request request{.path = std::string(handler)};
  request.parameters.add("suggest", true).add("suggest.dictionary", dictionary).add("suggest.q", text);
  request.parameters.add("suggest.count", count);
  if (build) request.parameters.add("suggest.build", true);
  const Reply reply = send(std::move(request));
  return texts_of(reply["suggest"][dictionary][text]["suggestions"], "term");
}

Reply Client::ping(std::string_view handler) const {
  Reply reply = send({.path = std::string(handler)});
  const Value status = reply["status"];
  if (status.kind() == ValueKind::text && status.text() == "OK") return reply;
  throw Error("Solr at " + std::string(transport_->name()) + " answers the ping, but not with OK",
              {.status_code = 503});
}

Reply Client::luke() const { return send({.path = "admin/luke", .parameters = Parameters().add("numTerms", 0)}); }

std::string Client::server_version() const {
  const Reply reply = send({.path = "admin/info/system", .of_node = true});
  return std::string(reply["lucene"]["solr-spec-version"].text_or({}));
}

}  // namespace core_lib::solr
