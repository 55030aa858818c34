// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <regex>
#include <utility>

#include "core_lib/error/error.hpp"

#include "backend.hpp"
#include "summary_json.hpp"

namespace core_lib::testkit {
namespace {

constexpr const char* features[] = {
    "Feature:API:BookmarkManager",
    "Feature:API:ConnectionAcquisitionTimeout",
    "Feature:API:Driver.ExecuteQuery",
    "Feature:API:Driver.ExecuteQuery:WithAuth",
    "Feature:API:Driver:GetServerInfo",
    "Feature:API:Driver.IsEncrypted",
    "Feature:API:Driver:NotificationsConfig",
    "Feature:API:Driver.VerifyAuthentication",
    "Feature:API:Driver.VerifyConnectivity",
    "Feature:API:Driver.SupportsSessionAuth",
    "Feature:API:Liveness.Check",
    "Feature:API:Result.List",
    "Feature:API:Result.Peek",
    "Feature:API:Result.Single",
    "Feature:API:Result.SingleOptional",
    "Feature:API:RetryableExceptions",
    "Feature:API:Session:AuthConfig",
    "Feature:API:Session:NotificationsConfig",
    "Feature:API:SSLClientCertificate",
    "Feature:API:SSLConfig",
    "Feature:API:SSLSchemes",
    "Feature:API:Summary:GqlStatusObjects",
    "Feature:API:Type.Spatial",
    "Feature:API:Type.Temporal",
    "Feature:Auth:Bearer",
    "Feature:Auth:Custom",
    "Feature:Auth:Kerberos",
    "Feature:Auth:Managed",
    "Feature:Bolt:4.4",
    "Feature:Bolt:5.0",
    "Feature:Bolt:5.1",
    "Feature:Bolt:5.2",
    "Feature:Bolt:5.3",
    "Feature:Bolt:5.4",
    "Feature:Bolt:5.6",
    "Feature:Bolt:5.7",
    "Feature:Bolt:Patch:UTC",
    "Feature:Impersonation",
    "Feature:TLS:1.2",
    "Feature:TLS:1.3",
    "AuthorizationExpiredTreatment",
    "Optimization:AuthPipelining",
    "Optimization:ConnectionReuse",
    "Optimization:EagerTransactionBegin",
    "Optimization:ExecuteQueryPipelining",
    "Optimization:ImplicitDefaultArguments",
    "Optimization:MinimalBookmarksSet",
    "Optimization:MinimalResets",
    "Optimization:MinimalVerifyAuthentication",
    "Optimization:PullPipelining",
    "Optimization:ResultListFetchAll",
    "Detail:ClosedDriverIsEncrypted",
    "Detail:DefaultSecurityConfigValueEquality",
    "ConfHint:connection.recv_timeout_seconds",
    "Backend:MockTime",
};

/// Those that only newer editions of TestKit know: an edition refuses names that it does not.
constexpr const char* newer_features[] = {"Feature:Bolt:5.8", "Feature:Bolt:HandshakeManifestV1",
                                          "Feature:API:Driver:MaxConnectionLifetime"};

}  // namespace

void Backend::start_test(const Json&) { answer("RunTest", nullptr); }
void Backend::start_sub_test(const Json&) { answer("RunTest", nullptr); }

void Backend::get_features(const Json&) {
  Json list = Json::array();
  for (const char* feature : features) list.push_back(feature);
  if (std::getenv("TESTKIT_OLD_FEATURES") == nullptr) {
    for (const char* feature : newer_features) list.push_back(feature);
  }
  answer("FeatureList", {{"features", list}});
}

std::shared_ptr<neo4j::AuthTokenManager> Backend::token_manager(const Json& data) {
  const Json& token = data.at("authorizationToken");
  if (token.is_object()) return neo4j::static_auth(token_of(token));
  const std::string id = text_of(data, "authTokenManagerId");
  return id.empty() ? neo4j::static_auth(neo4j::AuthToken::none()) : token_managers_.at(id);
}

neo4j::DriverConfig Backend::driver_config(const Json& data) {
  neo4j::DriverConfig config;
  config.user_agent = text_of(data, "userAgent");
  config.clock = clock_;
  config.notifications = filter_of(data);
  const auto set = [&](const char* key, std::chrono::milliseconds& field) {
    if (const auto value = milliseconds_of(data, key)) field = *value;
  };
  set("connectionTimeoutMs", config.connection_timeout);
  set("connectionAcquisitionTimeoutMs", config.connection_acquisition_timeout);
  set("maxTxRetryTimeMs", config.max_transaction_retry_time);
  set("maxConnectionLifetimeMs", config.max_connection_lifetime);
  config.liveness_check_timeout = milliseconds_of(data, "livenessCheckTimeoutMs");
  const auto number = [&](const char* key) { return data.contains(key) && data[key].is_number_integer(); };
  if (number("fetchSize")) config.fetch_size = data["fetchSize"];
  if (number("maxConnectionPoolSize")) config.max_connection_pool_size = data["maxConnectionPoolSize"];
  if (data.contains("telemetryDisabled")) config.telemetry = !data["telemetryDisabled"].get<bool>();
  if (data.contains("encrypted")) config.encrypted = data["encrypted"].get<bool>();
  if (data.contains("trustedCertificates") && data["trustedCertificates"].is_array()) {
    config.trusted_certificates.emplace();
    for (const Json& name : data["trustedCertificates"]) {
      config.trusted_certificates->push_back("/usr/local/share/custom-ca-certificates/" + name.get<std::string>());
    }
  }
  if (data.contains("clientCertificate") && data["clientCertificate"].is_object()) {
    const Json& shown = data["clientCertificate"].at("data");
    const neo4j::ClientCertificate certificate{text_of(shown, "certfile"), text_of(shown, "keyfile"),
                                               text_of(shown, "password")};
    config.client_certificate = [certificate] { return std::optional(certificate); };
  }
  const std::string provider = text_of(data, "clientCertificateProviderId");
  if (!provider.empty()) config.client_certificate = certificate_providers_.at(provider);
  if (data.value("resolverRegistered", false)) {
    config.resolver = [this](const std::string& address) {
      return ask("ResolverResolutionRequired", {{"address", address}}, "ResolverResolutionCompleted")
          .at("addresses")
          .get<std::vector<std::string>>();
    };
  }
  if (data.value("domainNameResolverRegistered", false)) {
    config.name_resolver = [this](const std::string& name) {
      return ask("DomainNameResolutionRequired", {{"name", name}}, "DomainNameResolutionCompleted")
          .at("addresses")
          .get<std::vector<std::string>>();
    };
  }
  return config;
}

/// With TESTKIT_NO_ROUTING tests of clusters fail at their first connection, instead of waiting for what does not come.
void Backend::new_driver(const Json& data) {
  neo4j::DriverConfig config = driver_config(data);
  if (std::getenv("TESTKIT_NO_ROUTING") != nullptr && text_of(data, "uri").starts_with("neo4j")) {
    config.name_resolver = [](const std::string&) -> std::vector<std::string> {
      throw UsageError("routing is not there yet", {.native_code = "routing is not there yet"});
    };
  }
  auto driver =
      std::make_unique<neo4j::Driver>(data.at("uri").get<std::string>(), token_manager(data), std::move(config));
  const std::string id = next_id();
  drivers_[id] = std::move(driver);
  answer("Driver", {{"id", id}});
}

void Backend::driver_close(const Json& data) {
  const std::string id = data.at("driverId");
  drivers_.at(id)->close();
  answer("Driver", {{"id", id}});
}

void Backend::verify_connectivity(const Json& data) {
  const std::string id = data.at("driverId");
  drivers_.at(id)->verify_connectivity();
  answer("Driver", {{"id", id}});
}

void Backend::get_server_info(const Json& data) {
  const neo4j::ServerInfo info = drivers_.at(data.at("driverId"))->get_server_info();
  answer("ServerInfo", {{"address", info.address}, {"agent", info.agent}, {"protocolVersion", info.protocol_version}});
}

void Backend::check_multi_db(const Json& data) {
  const bool available = drivers_.at(data.at("driverId"))->supports_multi_db();
  answer("MultiDBSupport", {{"id", next_id()}, {"available", available}});
}

void Backend::check_session_auth(const Json& data) {
  const bool available = drivers_.at(data.at("driverId"))->supports_session_auth();
  answer("SessionAuthSupport", {{"id", next_id()}, {"available", available}});
}

void Backend::check_encrypted(const Json& data) {
  answer("DriverIsEncrypted", {{"encrypted", drivers_.at(data.at("driverId"))->is_encrypted()}});
}

void Backend::verify_authentication(const Json& data) {
  const bool good = drivers_.at(data.at("driverId"))->verify_authentication(token_of(data.at("authorizationToken")));
  answer("DriverIsAuthenticated", {{"id", next_id()}, {"authenticated", good}});
}

void Backend::pool_metrics(const Json& data) {
  const PoolStatistics statistics = drivers_.at(data.at("driverId"))->pool_statistics();
  answer("ConnectionPoolMetrics", {{"inUse", statistics.active}, {"idle", statistics.idle}});
}

void Backend::execute_query(const Json& data) {
  const Json& options = data.at("config");
  neo4j::QueryConfig config;
  config.database = text_of(options, "database");
  config.access = text_of(options, "routing") == "r" ? Access::read_only : Access::read_write;
  config.impersonated_user = text_of(options, "impersonatedUser");
  config.transaction = transaction_config(options);
  if (options.contains("authorizationToken") && options["authorizationToken"].is_object()) {
    config.auth = token_of(options["authorizationToken"]);
  }
  if (options.contains("bookmarkManagerId")) {
    const Json& id = options["bookmarkManagerId"];
    if (id.is_string()) config.bookmark_manager = bookmark_managers_.at(id);
    if (id.is_number()) config.bookmark_manager = nullptr;
  }
  const neo4j::EagerResult result =
      drivers_.at(data.at("driverId"))
          ->execute_query(data.at("cypher"), map_from_cypher_json(data.value("params", Json())), config);
  Json records = Json::array();
  for (const neo4j::Record& record : result.records) records.push_back(record_json(record));
  answer("EagerResult", {{"keys", result.keys}, {"records", records}, {"summary", summary_json(result.summary)}});
}

}  // namespace core_lib::testkit
