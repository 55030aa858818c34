// SPDX-License-Identifier: Apache-2.0
#include "composition/neo4j_config.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core_lib/config/url.hpp"
#include "core_lib/error/error.hpp"

#include "composition/section.hpp"
#include "composition/sql_config.hpp"

namespace core_lib::composition {
namespace {

using neo4j::AuthToken;

std::string text(const Config& node, std::string_view key) { return node.get<std::string>(key, {}); }

/// Only what the driver's address is made of: user and password go another way.
std::string uri_of(const Config& node) {
  if (!node.is_map()) node.fail("expected a map with the parts of the address, such as protocol and host");
  node.reject_unknown_keys({"protocol", "username", "password", "host", "port", "path", "file"});
  const Url url = Url::from(node);
  if (url.host.empty()) node.fail("'host' says where Neo4j runs, and is not set");
  return build_url(Url{.protocol = url.protocol.empty() ? "bolt" : url.protocol, .host = url.host, .port = url.port});
}

AuthToken token_of(const Config& node) {
  const Config credentials = section(node, "credentials");
  credentials.reject_unknown_keys({"scheme", "username", "password", "realm", "token"});
  const Config url = node.at("url");
  std::string user = text(credentials, "username"), password = text(credentials, "password");
  if (user.empty()) user = text(url, "username");
  if (password.empty()) password = text(url, "password");
  const std::string scheme = credentials.get<std::string>("scheme", user.empty() ? "none" : "basic");
  if (scheme == "none") return AuthToken::none();
  if (scheme == "basic") return AuthToken::basic(user, password, text(credentials, "realm"));
  if (scheme == "bearer") return AuthToken::bearer(text(credentials, "token"));
  if (scheme == "kerberos") return AuthToken::kerberos(text(credentials, "token"));
  credentials.at("scheme").fail("known schemes: none, basic, bearer, kerberos");
}

void read_pool(const Config& pool, neo4j::DriverConfig& config) {
  pool.reject_unknown_keys({"max_size", "acquisition_timeout", "max_lifetime", "liveness_check_timeout"});
  const auto most = pool.get<std::int64_t>("max_size", static_cast<std::int64_t>(config.max_connection_pool_size));
  if (most < 1) pool.at("max_size").fail("must be at least 1");
  config.max_connection_pool_size = static_cast<std::size_t>(most);
  config.connection_acquisition_timeout =
      get_seconds(pool, "acquisition_timeout", config.connection_acquisition_timeout);
  config.max_connection_lifetime = get_seconds(pool, "max_lifetime", config.max_connection_lifetime);
  if (pool.contains("liveness_check_timeout") && !pool.at("liveness_check_timeout").is_null()) {
    config.liveness_check_timeout = get_seconds(pool, "liveness_check_timeout", {});
  }
}

void read_tls(const Config& tls, neo4j::DriverConfig& config) {
  tls.reject_unknown_keys({"ca", "trust_all", "certificate", "key", "key_password"});
  const std::string ca = text(tls, "ca");
  if (!ca.empty()) config.trusted_certificates = std::vector<std::string>{ca};
  if (tls.get<bool>("trust_all", false)) config.trusted_certificates.emplace();
  if (config.trusted_certificates) config.encrypted = true;
  const neo4j::ClientCertificate certificate{text(tls, "certificate"), text(tls, "key"), text(tls, "key_password")};
  if (certificate.certificate_file.empty()) return;
  config.client_certificate = [certificate, given = false]() mutable {
    return std::exchange(given, true) ? std::nullopt : std::optional(certificate);
  };
}

neo4j::DriverConfig driver_config(const Config& node) {
  neo4j::DriverConfig config;
  read_pool(section(node, "pool"), config);
  read_tls(section(node, "tls"), config);
  config.fetch_size = node.get<std::int64_t>("fetch_size", config.fetch_size);
  config.connection_timeout = get_seconds(node, "connection_timeout", config.connection_timeout);
  config.max_transaction_retry_time =
      get_seconds(node, "max_transaction_retry_time", config.max_transaction_retry_time);
  config.telemetry = node.get<bool>("telemetry", config.telemetry);
  config.user_agent = text(node, "user_agent");
  return config;
}

}  // namespace

std::unique_ptr<Neo4jConnectionRegistry> make_neo4j_connection_registry(const Config& node) {
  node.reject_unknown_keys({"url", "credentials", "database", "pool", "tls", "fetch_size", "connection_timeout",
                            "max_transaction_retry_time", "telemetry", "user_agent"});
  const std::string uri = uri_of(node.at("url"));
  try {
    return std::make_unique<Neo4jConnectionRegistry>(
        neo4j::Driver(uri, token_of(node), driver_config(node)),
        Neo4jRegistryOptions{.name = "neo4j at " + uri, .session = {.database = text(node, "database")}});
  } catch (const ConfigError& error) {
    const std::string message = error.what();
    if (message.starts_with("the URI of Neo4j")) node.at("url").fail(message);
    throw;
  }
}

}  // namespace core_lib::composition
