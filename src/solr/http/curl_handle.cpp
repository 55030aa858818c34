// SPDX-License-Identifier: Apache-2.0
#include "solr/http/curl_handle.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <new>

#include "core_lib/error/error.hpp"

#include "solr/http/address.hpp"
#include "solr/json/tree.hpp"

namespace core_lib::solr::http {
namespace {

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error("libcurl does not start: " + std::string(curl_easy_strerror(started)));
}

bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

/// Room for the whole body and for what its reader needs behind it. One that is too long is not begun.
void reserve_body(Exchange& exchange, std::string_view length, std::size_t limit) {
  std::size_t size = 0;
  const auto parsed = std::from_chars(length.data(), length.data() + length.size(), size);
  if (parsed.ec != std::errc() || exchange.request->receive) return;
  if (size > limit) {
    exchange.stop = Exchange::Stop::body_limit;
  } else {
    exchange.response.body.reserve(size + detail::json_padding);
  }
}

void read_header(Exchange& exchange, std::string_view line, std::size_t body_limit) {
  if (line.starts_with("HTTP/")) {  // a new answer: the one before was "100 Continue" or the like
    exchange.response = {};
    exchange.response.protocol = line.substr(0, line.find(' '));
    exchange.head_is_whole = false;
    return;
  }
  exchange.head_is_whole |= trimmed(line).empty();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trimmed(line.substr(colon + 1));
  if (equals_ignoring_case(name, "content-type")) exchange.response.content_type = value;
  if (equals_ignoring_case(name, "location")) exchange.response.location = value;
  if (equals_ignoring_case(name, "retry-after")) exchange.response.retry_after = value;
  if (equals_ignoring_case(name, "content-length")) reserve_body(exchange, value, body_limit);
}

struct Call {
  Exchange* exchange;
  const HttpOptions* options;
  CURL* handle;
};

std::size_t on_header(char* data, std::size_t, std::size_t size, void* user) noexcept {
  const Call& call = *static_cast<Call*>(user);
  Exchange& exchange = *call.exchange;
  try {
    exchange.header_received += size;
    if (exchange.header_received > call.options->max_header_bytes) {
      exchange.stop = Exchange::Stop::header_limit;
      return 0;
    }
    read_header(exchange, {data, size}, call.options->max_body_bytes);
    return exchange.stop == Exchange::Stop::none ? size : 0;
  } catch (...) {
    exchange.stop = Exchange::Stop::callback;
    exchange.thrown = std::current_exception();
    return 0;
  }
}

std::size_t on_body(char* data, std::size_t, std::size_t size, void* user) noexcept {
  const Call& call = *static_cast<Call*>(user);
  Exchange& exchange = *call.exchange;
  try {
    long status = 0;
    const bool streams = exchange.request->receive != nullptr &&
                         curl_easy_getinfo(call.handle, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK &&
                         status / 100 == 2;
    exchange.received += size;
    if (!streams && exchange.response.body.size() + size > call.options->max_body_bytes) {
      exchange.stop = Exchange::Stop::body_limit;
      return 0;
    }
    if (streams) {
      exchange.response.streamed += size;
      exchange.request->receive({data, size});
    } else {
      std::string& body = exchange.response.body;
      if (body.empty() && body.capacity() < size) {  // no header told its size
        body.reserve(std::max(size, exchange.likely_size + exchange.likely_size / 8) + detail::json_padding);
      }
      body.append(data, size);
    }
    return size;
  } catch (...) {
    exchange.stop = Exchange::Stop::callback;
    exchange.thrown = std::current_exception();
    return 0;
  }
}

std::size_t on_read(char* out, std::size_t, std::size_t room, void* user) noexcept {
  Exchange& exchange = *static_cast<Exchange*>(user);
  const std::size_t size = std::min(room, exchange.body.size() - exchange.sent);
  std::memcpy(out, exchange.body.data() + exchange.sent, size);
  exchange.sent += size;
  return size;
}

/// libcurl would send a body again by itself where a kept connection turns out to be dead. Whoever sends a write must
/// know.
int refuse_to_rewind(void*, curl_off_t, int) noexcept { return CURL_SEEKFUNC_FAIL; }

}  // namespace

template <class Value>
void CurlHandle::set(CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(handle_.get(), option, value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) throw ConfigError("libcurl refuses an option: " + std::string(curl_easy_strerror(code)));
}

CurlHandle::CurlHandle(const HttpOptions& options, const std::string& url) : options_(options) {
  start_libcurl();
  handle_.reset(curl_easy_init());
  address_.reset(curl_url());
  if (handle_ == nullptr || address_ == nullptr) throw std::bad_alloc();
  if (const CURLUcode code = curl_url_set(address_.get(), CURLUPART_URL, url.c_str(), 0); code != CURLUE_OK) {
    throw ConfigError("libcurl refuses the address '" + url + "': " + curl_url_strerror(code));
  }
  set(CURLOPT_CURLU, address_.get());  // else it would be taken apart for each request
  set(CURLOPT_ERRORBUFFER, message_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, options.proxy.c_str());  // an empty one keeps libcurl from asking the environment
  set(CURLOPT_NOPROXY, "");
  set(CURLOPT_MAXCONNECTS, 1L);
  set(CURLOPT_MAXAGE_CONN, static_cast<long>(options.idle_timeout.count()));
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_timeout.count()));
  set(CURLOPT_BUFFERSIZE, 256L << 10);
  set(CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(options.http2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  // Some servers spell HTTP/1.1 otherwise in TLS's negotiation than libcurl does; where it is not offered, all agree.
  set(CURLOPT_SSL_ENABLE_ALPN, options.http2 ? 1L : 0L);
  if (options.compression) set(CURLOPT_ACCEPT_ENCODING, "");
  set_credentials();
  set_tls();
}

void CurlHandle::set_credentials() {
  if (!options_.username.empty() || !options_.password.empty()) {
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    set(CURLOPT_USERNAME, options_.username.c_str());
    set(CURLOPT_PASSWORD, options_.password.c_str());
  }
  if (!options_.bearer_token.empty()) {
    check_header("Authorization", options_.bearer_token);
    set(CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BEARER));
    set(CURLOPT_XOAUTH2_BEARER, options_.bearer_token.c_str());
  }
}

void CurlHandle::set_tls() {
  const TlsOptions& tls = options_.tls;
  set(CURLOPT_SSL_VERIFYPEER, tls.verify ? 1L : 0L);
  set(CURLOPT_SSL_VERIFYHOST, tls.verify ? 2L : 0L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (!tls.ca_file.empty()) set(CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.client_certificate.empty()) set(CURLOPT_SSLCERT, tls.client_certificate.c_str());
  if (!tls.client_key.empty()) set(CURLOPT_SSLKEY, tls.client_key.c_str());
  set(CURLOPT_KEYPASSWD, tls.client_key_password.c_str());  // without one OpenSSL would ask at the terminal
}

void CurlHandle::set_headers(const Exchange& exchange) {
  const auto append = [this](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    (void)headers_.release();
    headers_.reset(longer);
  };
  headers_.reset();
  if (exchange.posts) {
    append("Expect:");
    check_header("Content-Type", exchange.content_type);
    append("Content-Type: " + std::string(exchange.content_type));
  }
  const auto append_all = [&](const std::vector<Header>& headers) {
    for (const Header& header : headers) {
      check_header(header.name, header.value);
      append(header.name + (header.value.empty() ? ";" : ": " + header.value));
    }
  };
  if (options_.headers) append_all(options_.headers());
  append_all(exchange.request->headers);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void CurlHandle::set_body(Exchange& exchange) {
  // On a dead connection libcurl would send a write again by itself where there is no body to rewind.
  set(CURLOPT_FRESH_CONNECT, exchange.request->effect != Effect::read && exchange.body.empty() ? 1L : 0L);
  if (!exchange.posts) {
    set(CURLOPT_HTTPGET, 1L);
    return;
  }
  set(CURLOPT_POST, 1L);
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
  if (exchange.request->effect == Effect::read) {
    set(CURLOPT_POSTFIELDS, exchange.body.data());
    return;
  }
  set(CURLOPT_POSTFIELDS, static_cast<const char*>(nullptr));
  set(CURLOPT_READFUNCTION, &on_read);
  set(CURLOPT_READDATA, &exchange);
  set(CURLOPT_SEEKFUNCTION, &refuse_to_rewind);
}

CURLcode CurlHandle::perform(Exchange& exchange) {
  set_headers(exchange);
  set_body(exchange);
  // In an address libcurl would take it apart and put it together again, byte by byte.
  set(CURLOPT_REQUEST_TARGET, exchange.target.c_str());
  set(CURLOPT_TIMEOUT_MS, exchange.timeout_ms);
  set(CURLOPT_LOW_SPEED_LIMIT, exchange.silence_seconds == 0 ? 0L : 1L);
  set(CURLOPT_LOW_SPEED_TIME, exchange.silence_seconds);
  Call call{&exchange, &options_, handle_.get()};
  set(CURLOPT_HEADERDATA, &call);
  set(CURLOPT_WRITEDATA, &call);
  message_[0] = '\0';
  exchange.likely_size = last_size_;
  CURLcode code = curl_easy_perform(handle_.get());
  // libcurl takes an answer that ends within its headers for a good one.
  if (code == CURLE_OK && !exchange.head_is_whole) code = CURLE_PARTIAL_FILE;
  last_size_ = std::min(exchange.response.body.size(), std::size_t{1} << 20U);
  long status = 0;
  if (curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status) == CURLE_OK) {
    exchange.response.status = static_cast<int>(status);
  }
  return code;
}

std::string_view CurlHandle::failure(CURLcode code) const noexcept {
  return message_[0] != '\0' ? std::string_view(message_) : std::string_view(curl_easy_strerror(code));
}

bool CurlHandle::was_connected() const noexcept {
  // Time to the first byte sent; it stays 0 where no connection, or no TLS, came about.
  curl_off_t pretransfer = 0;
  return curl_easy_getinfo(handle_.get(), CURLINFO_PRETRANSFER_TIME_T, &pretransfer) != CURLE_OK || pretransfer > 0;
}

bool CurlHandle::was_reused() const noexcept {
  long connects = 1;
  return curl_easy_getinfo(handle_.get(), CURLINFO_NUM_CONNECTS, &connects) == CURLE_OK && connects == 0;
}

}  // namespace core_lib::solr::http
