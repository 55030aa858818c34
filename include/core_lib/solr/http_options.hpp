// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "core_lib/solr/request.hpp"

namespace core_lib::solr {

/// How https servers are checked, and who we are to them.
struct TlsOptions {
  /// Certificates that are trusted, in PEM; empty means those of the system.
  std::string ca_file{};
  /// A certificate and its key, in PEM, for servers that ask for one.
  std::string client_certificate{};
  std::string client_key{};
  std::string client_key_password{};
  /// Off, anybody can pose as the server.
  bool verify = true;
};

/// How a node is spoken to over HTTP.
struct HttpOptions {
  /// Basic authentication, sent with each request; needs both.
  std::string username{};
  std::string password{};
  /// `Authorization: Bearer ...`.
  std::string bearer_token{};
  /// Headers that change, such as a token that is renewed; asked for each request, from any thread.
  std::function<std::vector<Header>()> headers{};
  TlsOptions tls{};

  std::chrono::milliseconds connect_timeout{5'000};
  /// The longest a request takes, with all attempts of a Client, unless its deadline is sooner; 0 is no limit. An
  /// answer that is taken piece by piece (Request::receive, exports) may take longer.
  std::chrono::milliseconds timeout{60'000};
  /// The longest that nothing of an answer comes, in whole seconds, which is a ConnectionLost: a read is tried again,
  /// on another node where there is one. 0 is no limit, and for an answer that is taken piece by piece as `timeout`.
  std::chrono::milliseconds silence_timeout{0};
  /// A connection that was idle this long is not used again; below Jetty's 120 s.
  std::chrono::seconds idle_timeout{60};
  /// The most requests at one time, and so connections; more of them wait.
  std::size_t max_connections = 16;
  /// The most that is read of an answer, after decompression. As a tree it takes up to 33 times as much memory where a
  /// server means harm, and mostly two to five times.
  std::size_t max_body_bytes = std::size_t{256} << 20U;
  std::size_t max_header_bytes = std::size_t{64} << 10U;
  /// Parameters that are longer than this when encoded are posted instead of standing in the address.
  std::size_t post_from_bytes = 2'000;
  /// Asks for compressed answers: for slow links, not within a data centre. Jetty, as it comes with Solr, compresses
  /// those to a GET only, and none to parameters that are posted.
  bool compression = false;
  /// HTTP/2 where TLS negotiates it. Requests are not multiplexed, so that little is gained.
  bool http2 = false;
  /// The proxy to go through; the environment is not looked at.
  std::string proxy{};
};

}  // namespace core_lib::solr
