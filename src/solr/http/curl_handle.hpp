// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "core_lib/solr/http_options.hpp"

namespace core_lib::solr::http {

/// One exchange: what is sent, what came, and what stopped it.
struct Exchange {
  std::string target;  ///< The path with the parameters; all of the address where a proxy is to read it.
  const Request* request = nullptr;
  std::string_view body{};  ///< What is posted.
  std::string_view content_type{};
  bool posts = false;
  long timeout_ms = 0;       ///< 0 is no limit.
  long silence_seconds = 0;  ///< The longest that nothing may arrive; 0 is no limit.

  Response response{};
  std::size_t received = 0;     ///< Bytes of the body.
  std::size_t likely_size = 0;  ///< Of the body, where no header tells.
  std::size_t header_received = 0;
  bool head_is_whole = false;
  std::size_t sent = 0;  ///< Bytes of the body that the link took.
  enum class Stop { none, body_limit, header_limit, callback } stop = Stop::none;
  std::exception_ptr thrown{};
};

/// A libcurl handle with its one connection. Thread safety: none.
class CurlHandle {
 public:
  /// @param url  where it connects to; the rest of it does not matter
  CurlHandle(const HttpOptions& options, const std::string& url);

  /// Runs it; the answer is in the exchange. The code tells how the link fared.
  [[nodiscard]] CURLcode perform(Exchange& exchange);
  /// What libcurl says of the last exchange; never empty after a failure.
  [[nodiscard]] std::string_view failure(CURLcode code) const noexcept;
  /// Whether the last exchange had a connection, so that the server may have seen it.
  [[nodiscard]] bool was_connected() const noexcept;
  /// Whether that connection was one that had been kept.
  [[nodiscard]] bool was_reused() const noexcept;

 private:
  struct Cleanup {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
  };

  template <class Value>
  void set(CURLoption option, Value value);
  void set_credentials();
  void set_tls();
  void set_headers(const Exchange& exchange);
  void set_body(Exchange& exchange);

  const HttpOptions& options_;
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> address_{nullptr, &curl_url_cleanup};
  std::unique_ptr<CURL, Cleanup> handle_;
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> headers_{nullptr, &curl_slist_free_all};
  std::size_t last_size_ = 0;  ///< Of the last body, up to a MiB: the next one is mostly like it.
  char message_[CURL_ERROR_SIZE] = "";
};

}  // namespace core_lib::solr::http
