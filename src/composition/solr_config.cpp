// SPDX-License-Identifier: Apache-2.0
#include "composition/solr_config.hpp"

#include <cstdint>
#include <string>
#include <utility>

#include "core_lib/config/url.hpp"
#include "core_lib/observability/query_log.hpp"

#include "composition/section.hpp"
#include "composition/sql_config.hpp"

namespace core_lib::composition {
namespace {

std::size_t get_size(const Config& node, std::string_view key, std::size_t fallback, std::int64_t least = 1) {
  const auto size = node.get<std::int64_t>(key, static_cast<std::int64_t>(fallback));
  if (size < least) node.at(key).fail("must be at least " + std::to_string(least));
  return static_cast<std::size_t>(size);
}

/// Takes an address and, since all nodes share them, its credentials.
void add_url(const Config& node, solr::ClientOptions& options) {
  if (!node.is_map()) node.fail("expected a map with the parts of the address, such as protocol, host and path");
  node.reject_unknown_keys({"protocol", "username", "password", "host", "port", "path", "file"});
  Url url = Url::from(node);
  if (url.protocol != "http" && url.protocol != "https") {
    (node.contains("protocol") ? node.at("protocol") : node).fail("Solr is reached by the protocol http or https");
  }
  const auto take = [&](std::string& part, std::string& all, const char* key) {
    if (!part.empty() && !all.empty() && part != all) node.at(key).fail("all nodes have the same credentials");
    if (!part.empty()) all = std::exchange(part, {});
  };
  take(url.username, options.http.username, "username");
  take(url.password, options.http.password, "password");
  options.urls.push_back(build_url(url));
}

solr::TlsOptions tls_options(const Config& node) {
  node.reject_unknown_keys({"ca_file", "client_certificate", "client_key", "client_key_password", "verify"});
  return {.ca_file = node.get<std::string>("ca_file", {}),
          .client_certificate = node.get<std::string>("client_certificate", {}),
          .client_key = node.get<std::string>("client_key", {}),
          .client_key_password = node.get<std::string>("client_key_password", {}),
          .verify = node.get<bool>("verify", true)};
}

solr::BalancingOptions balancing_options(const Config& node) {
  node.reject_unknown_keys({"first_pause", "longest_pause", "check_timeout"});
  solr::BalancingOptions options;
  options.first_pause = get_seconds(node, "first_pause", options.first_pause);
  options.longest_pause = get_seconds(node, "longest_pause", options.longest_pause);
  options.check_timeout = get_seconds(node, "check_timeout", options.check_timeout);
  return options;
}

void read_options(const Config& node, solr::ClientOptions& options) {
  node.reject_unknown_keys({"timeout", "silence_timeout", "connect_timeout", "idle_timeout", "max_connections",
                            "max_body_bytes", "max_header_bytes", "post_from_bytes", "compression", "http2",
                            "bearer_token", "attempts", "binary_answers", "proxy", "tls", "balancing"});
  solr::HttpOptions& http = options.http;
  http.timeout = get_seconds(node, "timeout", http.timeout);
  http.silence_timeout = get_seconds(node, "silence_timeout", http.silence_timeout);
  http.connect_timeout = get_seconds(node, "connect_timeout", http.connect_timeout);
  http.idle_timeout = std::chrono::floor<std::chrono::seconds>(get_seconds(node, "idle_timeout", http.idle_timeout));
  http.max_connections = get_size(node, "max_connections", http.max_connections);
  http.max_body_bytes = get_size(node, "max_body_bytes", http.max_body_bytes);
  http.max_header_bytes = get_size(node, "max_header_bytes", http.max_header_bytes);
  http.post_from_bytes = get_size(node, "post_from_bytes", http.post_from_bytes, 0);
  http.compression = node.get<bool>("compression", http.compression);
  http.http2 = node.get<bool>("http2", http.http2);
  http.bearer_token = node.get<std::string>("bearer_token", {});
  http.proxy = node.get<std::string>("proxy", {});
  http.tls = tls_options(section(node, "tls"));
  options.balancing = balancing_options(section(node, "balancing"));
  options.binary_answers = node.get<bool>("binary_answers", options.binary_answers);
  options.attempts = node.get<int>("attempts", options.attempts);
}

}  // namespace

std::unique_ptr<SolrConnectionRegistry> make_solr_connection_registry(const Config& node,
                                                                      const DataSourceDefaults& defaults) {
  node.reject_unknown_keys({"url", "urls", "always_commit", "log_queries", "slow_query", "options"});
  solr::ClientOptions options{.always_commit = node.get<bool>("always_commit", false),
                              .logger = defaults.logger,
                              .observer = make_observer(node, defaults)};
  if (node.get<bool>("log_queries", false)) {
    options.observer = combine_observers({options.observer, std::make_shared<QueryLog>(defaults.logger)});
  }
  if (const Config urls = section(node, "urls"); urls.is_list()) {
    if (node.contains("url")) urls.fail("give 'url' for one node, or 'urls' for several, not both");
    for (const Config& url : urls) add_url(url, options);
    if (options.urls.empty()) urls.fail("must name at least one node");
  } else {
    add_url(node.at("url"), options);
  }
  read_options(section(node, "options"), options);
  return std::make_unique<SolrConnectionRegistry>(std::move(options));
}

}  // namespace core_lib::composition
