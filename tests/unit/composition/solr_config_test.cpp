// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/builtin_targets.hpp"
#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/config/resolvers.hpp"
#include "core_lib/error/error.hpp"
#include "core_lib/solr/solr_connection_registry.hpp"

#include "support/recording_logger.hpp"
#include "support/recording_observer.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<SolrConnectionRegistry> make(const std::string& yaml) {
  return instantiate_config<SolrConnectionRegistry>(Config::parse(yaml, "app.yaml"));
}

std::string refusal(const std::string& yaml) {
  return config_error([&] { return make(yaml); });
}

TEST(SolrConfigTest, EveryShapeOfNodeAndEveryNameGivesASolr) {
  const std::string url = "url: {protocol: http, host: localhost, port: 8983, path: solr, file: core0}";
  for (const std::string& yaml : {
           "{" + url + "}",
           "{config: {" + url + ", always_commit: true}}",
           "{_target_: 'core_lib::SolrConnectionRegistry', " + url + "}",
           "{_target_: core_lib.connection.solr_connection_registry.SolrConnectionRegistry, config: {" + url + "}}",
           "{_target_: core_lib.connection.solr_connection_factory.SolrConnectionFactory, config: {" + url + "}}",
       }) {
    EXPECT_EQ(make(yaml)->name(), "solr http://localhost:8983/solr/core0") << yaml;
  }
}

TEST(SolrConfigTest, AlwaysCommitIsOffUnlessItIsAskedFor) {
  const std::string url = "url: {protocol: http, host: localhost, port: 8983, path: solr/core0}";
  EXPECT_FALSE(make("{" + url + "}")->client().options().always_commit);
  EXPECT_TRUE(make("{" + url + ", always_commit: true}")->client().options().always_commit);
  EXPECT_TRUE(make("{" + url + ", always_commit: 'true'}")->client().options().always_commit);
}

TEST(SolrConfigTest, CredentialsAreNoPartOfTheAddress) {
  const auto solr =
      make("{url: {protocol: https, username: app, password: 'p@/:#', host: search.example, path: solr, file: core0}}");
  EXPECT_EQ(solr->name(), "solr https://search.example/solr/core0");
  EXPECT_EQ(solr->client().options().http.username, "app");
  EXPECT_EQ(solr->client().options().http.password, "p@/:#");
}

TEST(SolrConfigTest, FileOfTheDocumentsLoads) {
  Resolvers resolvers;
  resolvers.add("oc.env", [](const std::vector<std::string>&) { return "p@ss"; });
  const Config file = Config::load(SOLR_YAML, resolvers);
  const auto solr = instantiate_config<SolrConnectionRegistry>(file.at("search"));
  EXPECT_EQ(solr->name(), "solr https://search.example:8983/solr/articles");
  EXPECT_EQ(solr->client().options().http.timeout, std::chrono::seconds(10));
  EXPECT_EQ(solr->client().options().http.password, "p@ss");
}

TEST(SolrConfigTest, SeveralNodesAndOptions) {
  const auto solr = make(
      "{urls: [{protocol: http, host: a, path: solr/c}, {protocol: http, host: b, path: solr/c}],"
      " options: {timeout: 1.5, silence_timeout: 1, connect_timeout: 2, idle_timeout: 9, max_connections: 3, "
      "compression: true, attempts: "
      "2,"
      " max_body_bytes: 4, max_header_bytes: 5, post_from_bytes: 0, binary_answers: false,"
      " balancing: {first_pause: 0.1, longest_pause: 3, check_timeout: 0.5}, tls: {ca_file: /ca.pem, verify: false}}}");
  EXPECT_EQ(solr->name(), "solr http://a/solr/c, http://b/solr/c");
  const solr::HttpOptions& http = solr->client().options().http;
  EXPECT_EQ(http.timeout, std::chrono::milliseconds(1500));
  EXPECT_EQ(http.silence_timeout, std::chrono::seconds(1));
  EXPECT_EQ(http.connect_timeout, std::chrono::seconds(2));
  EXPECT_EQ(http.idle_timeout, std::chrono::seconds(9));
  EXPECT_EQ(http.max_connections, 3U);
  EXPECT_EQ(http.max_body_bytes, 4U);
  EXPECT_EQ(http.max_header_bytes, 5U);
  EXPECT_EQ(http.post_from_bytes, 0U);
  EXPECT_TRUE(http.compression);
  EXPECT_EQ(http.tls.ca_file, "/ca.pem");
  EXPECT_FALSE(http.tls.verify);
  EXPECT_EQ(solr->client().options().attempts, 2);
  EXPECT_FALSE(solr->client().options().binary_answers);
  const solr::BalancingOptions& balancing = solr->client().options().balancing;
  EXPECT_EQ(balancing.first_pause, std::chrono::milliseconds(100));
  EXPECT_EQ(balancing.longest_pause, std::chrono::seconds(3));
  EXPECT_EQ(balancing.check_timeout, std::chrono::milliseconds(500));
}

TEST(SolrConfigTest, LogsOfQueriesAreAskedForByKey) {
  const auto logger = std::make_shared<support::RecordingLogger>();
  const auto observer = std::make_shared<support::RecordingObserver>();
  const auto solr = instantiate_config<SolrConnectionRegistry>(
      Config::parse("{url: {protocol: http, host: 127.0.0.1, port: 1, path: solr/c}, log_queries: true, slow_query: 0,"
                    " options: {attempts: 1}}"),
      builtin_targets({.logger = logger, .observer = observer}));
  EXPECT_THROW((void)solr->client().search("id:my-secret"), ConnectionLost);
  EXPECT_EQ(logger->count(LogLevel::info, "select?q=?"), 1U);
  EXPECT_EQ(logger->count(LogLevel::warning, "slow query on solr http://127.0.0.1:1/solr/c"), 1U);
  EXPECT_EQ(logger->count(LogLevel::info, "my-secret") + logger->count(LogLevel::warning, "my-secret"), 0U);
  EXPECT_EQ(observer->statements(), std::vector<std::string>{"select?q=?"});
  EXPECT_EQ(observer->count(PoolEvent::Kind::acquired), 1U);
}

TEST(SolrConfigTest, IsAnyConnectionRegistryToo) {
  const auto any = instantiate_config<AnyConnectionRegistry>(
      Config::parse("{_target_: 'core_lib::SolrConnectionRegistry', url: {protocol: http, host: h, path: solr/c}}"));
  EXPECT_EQ(any->name(), "solr http://h/solr/c");
}

TEST(SolrConfigTest, MistakesAreNamedWithTheirPlaceAndWithoutSecrets) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"{always_commit: true}", "url"},
      {"{url: {protocol: ftp, host: h, path: solr/c}}", "http or https"},
      {"{url: {protocol: http, host: h, path: solr/c, user: x}}", "username"},
      {"{url: {protocol: http, host: h}}", "core"},
      {"{url: 'http://h/solr/c'}", "map"},
      {"{url: {protocol: http, host: h, path: solr/c}, alwayscommit: true}", "always_commit"},
      {"{url: {protocol: http, host: h, path: solr/c}, always_commit: sometimes}", "always_commit"},
      {"{url: {protocol: http, host: h, path: solr/c}, options: {timeout: -1}}", "timeout"},
      {"{url: {protocol: http, host: h, path: solr/c}, options: {max_connections: 0}}", "max_connections"},
      {"{url: {protocol: http, host: h, path: solr/c}, options: {post_from_bytes: -1}}", "at least 0"},
      {"{url: {protocol: http, host: h, path: solr/c}, options: {balancing: {pause: 1}}}", "first_pause"},
      {"{urls: [{protocol: http, host: a, path: solr/c, username: x, password: my-secret},"
       " {protocol: http, host: b, path: solr/c, username: x, password: other}]}",
       "same credentials"},
      {"{urls: []}", "at least one node"},
      {"{url: {protocol: http, host: h, path: '../c', password: my-secret}}", "plain name"},
  };
  for (const auto& [yaml, expected] : mistakes) {
    EXPECT_THAT(refusal(yaml), AllOf(HasSubstr(expected), HasSubstr("app.yaml:"), Not(HasSubstr("my-secret")))) << yaml;
  }
}

}  // namespace
}  // namespace core_lib
