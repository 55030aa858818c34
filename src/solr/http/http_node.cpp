// SPDX-License-Identifier: Apache-2.0
#include "solr/http/http_node.hpp"

#include <algorithm>
#include <limits>

#include "core_lib/error/error.hpp"
#include "core_lib/observability/clock.hpp"

namespace core_lib::solr::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpOptions checked(HttpOptions options) {
  if (options.max_connections == 0) throw ConfigError("max_connections must be at least 1");
  if (options.connect_timeout.count() <= 0) throw ConfigError("connect_timeout must be longer than 0");
  if (options.timeout.count() < 0 || options.silence_timeout.count() < 0) {
    throw ConfigError("timeout and silence_timeout must not be negative; 0 is no limit");
  }
  if (!options.bearer_token.empty() && !options.username.empty()) {
    throw ConfigError("give username and password, or a bearer token, not both");
  }
  return options;
}

PoolOptions pool_options(const HttpOptions& options, const std::string& name) {
  return {.name = name,
          .max_size = options.max_connections,
          .max_overflow = 0,
          .idle_timeout = options.idle_timeout,
          .max_lifetime = milliseconds(0)};
}

/// What is left until the deadline, for libcurl: at least a millisecond, 0 for never.
long remaining_ms(Deadline deadline) {
  if (deadline.is_never()) return 0;
  const auto left = std::chrono::ceil<milliseconds>(deadline.remaining()).count();
  return static_cast<long>(std::clamp<std::int64_t>(left, 1, std::numeric_limits<int>::max()));
}

bool is_certificate_failure(CURLcode code) noexcept {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE || code == CURLE_SSL_CERTPROBLEM ||
         code == CURLE_SSL_ISSUER_ERROR;
}

/// The failures before anything was sent.
bool is_unsent(CURLcode code) noexcept {
  return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_RESOLVE_PROXY ||
         code == CURLE_SSL_CONNECT_ERROR || is_certificate_failure(code);
}

/// A kept connection that the server had closed meanwhile.
bool is_stale(CURLcode code, const CurlHandle& handle, const Exchange& exchange) noexcept {
  return handle.was_reused() && (code == CURLE_GOT_NOTHING || code == CURLE_RECV_ERROR || code == CURLE_SEND_ERROR) &&
         exchange.header_received == 0;
}

}  // namespace

HttpNode::HttpNode(std::string_view url, HttpOptions options, std::shared_ptr<Observer> observer,
                   std::shared_ptr<Logger> logger)
    : options_(checked(std::move(options))),
      address_(Address::parse(url)),
      pool_(pool_options(options_, address_.core),
            {.connect = [this](Deadline) { return std::make_unique<CurlHandle>(options_, address_.core); }},
            std::move(logger), system_clock(), std::move(observer)) {
  (void)CurlHandle(options_, address_.core);  // a wrong option shows here
}

void HttpNode::write_request(const Request& request, Exchange& exchange, std::string& form) const {
  check_path(request.path);
  exchange.request = &request;
  request.parameters.append_encoded(form);
  std::string_view base = request.of_node ? address_.node : address_.core;
  const bool proxy_reads = !options_.proxy.empty() && !address_.tls;
  if (!proxy_reads) base.remove_prefix(address_.path_at);
  exchange.target.reserve(base.size() + request.path.size() + form.size() + 2);
  exchange.target = base;
  if (!request.path.starts_with('/')) exchange.target += '/';
  exchange.target += request.path;
  exchange.posts = !request.content_type.empty();
  if (exchange.posts) {
    exchange.body = request.body;
    exchange.content_type = request.content_type;
  } else if (form.size() >= options_.post_from_bytes || request.effect != Effect::read) {
    // What stands in an address libcurl would send again by itself; what is posted it does not.
    exchange.posts = true;
    exchange.body = form;
    exchange.content_type = "application/x-www-form-urlencoded";
    return;
  }
  if (!form.empty()) exchange.target.append(1, '?').append(form);
}

Response HttpNode::send(const Request& request) {
  const Deadline limited =
      options_.timeout.count() == 0 ? request.deadline : request.deadline.sooner(Deadline::in(options_.timeout));
  if (limited.expired()) throw DeadlineExceeded("the time for Solr at " + address_.core + " was up before the request");
  Lease<CurlHandle> handle = pool_.acquire(limited);
  const Deadline deadline = request.receive ? request.deadline : limited;
  try {
    bool retry = request.effect == Effect::read;
    Response response = attempt(*handle, request, deadline, retry);
    if (std::exchange(retry, false)) response = attempt(*handle, request, deadline, retry);
    return response;
  } catch (...) {
    handle.discard();  // after a failure libcurl may still mean to rewind, and fail the next write for that
    throw;
  }
}

/// @param retry  in: whether a stale connection may be answered by another attempt; out: whether it is to be
Response HttpNode::attempt(CurlHandle& handle, const Request& request, Deadline deadline, bool& retry) {
  Exchange exchange;
  std::string form;
  write_request(request, exchange, form);
  exchange.timeout_ms = remaining_ms(deadline);
  const bool has_own = options_.silence_timeout.count() > 0 || !request.receive;
  const milliseconds silence = has_own ? options_.silence_timeout : options_.timeout;
  exchange.silence_seconds = static_cast<long>(std::chrono::ceil<seconds>(silence).count());
  const CURLcode code = handle.perform(exchange);
  const bool may_retry = std::exchange(retry, false);
  if (code == CURLE_OK && exchange.stop == Exchange::Stop::none) {
    exchange.response.node = address_.core;
    return std::move(exchange.response);
  }
  if (may_retry && is_stale(code, handle, exchange) && exchange.stop == Exchange::Stop::none) {
    retry = true;
    return {};
  }
  fail(handle, code, request, exchange, deadline);
}

void HttpNode::fail(const CurlHandle& handle, CURLcode code, const Request& request, const Exchange& exchange,
                    Deadline deadline) const {
  const std::string at = "Solr at " + address_.core;
  if (exchange.thrown != nullptr) std::rethrow_exception(exchange.thrown);
  const bool writes = request.effect != Effect::read;
  std::string why(handle.failure(code));
  if (exchange.stop == Exchange::Stop::body_limit) {
    why = "the answer is longer than max_body_bytes, " + std::to_string(options_.max_body_bytes);
  } else if (exchange.stop == Exchange::Stop::header_limit) {
    why = "the headers of the answer are longer than max_header_bytes, " + std::to_string(options_.max_header_bytes);
  }
  // libcurl may have connected a second time meanwhile: its code and times then tell nothing about what was sent
  // before.
  const bool unsent =
      writes && !exchange.body.empty() ? exchange.sent == 0 : is_unsent(code) || !handle.was_connected();
  if (writes && !unsent) {
    throw CommitUnknown("the answer of " + at + " to a write was lost, so it may be stored or not: " + why,
                        {.native_code = "curl " + std::to_string(code)});
  }
  if (is_certificate_failure(code)) {
    throw ConnectionLost("cannot trust " + at + ": " + why + "; see TlsOptions",
                         {.native_code = "curl " + std::to_string(code)});
  }
  if (exchange.stop != Exchange::Stop::none)
    throw Error("cannot read the answer of " + at + ": " + why, {.status_code = 502});
  // Its clock and ours may differ by a moment.
  const bool fell_silent = exchange.silence_seconds > 0 && deadline.remaining() > milliseconds(10);
  if (code == CURLE_OPERATION_TIMEDOUT && (!unsent || deadline.expired()) && !fell_silent) {
    throw DeadlineExceeded((unsent ? "cannot reach " + at + " in time: " : at + " did not answer in time: ") + why,
                           {.native_code = "curl 28"});
  }
  // What was handed over cannot be taken back.
  const bool retryable = !request.receive || exchange.received == 0;
  throw ConnectionLost((unsent ? "cannot reach " : "lost the connection to ") + at + ": " + why,
                       {.retryable = retryable, .native_code = "curl " + std::to_string(code)});
}

}  // namespace core_lib::solr::http
