// SPDX-License-Identifier: Apache-2.0
#include "core_lib/config/instantiate_config.hpp"
#include "core_lib/neo4j/neo4j_connection_registry.hpp"

#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::shared_ptr<Neo4jConnectionRegistry> make(const std::string& yaml) {
  return instantiate_config<Neo4jConnectionRegistry>(Config::parse(yaml, "app.yaml"));
}

std::string refusal(const std::string& yaml) {
  return config_error([&] { return make(yaml); });
}

TEST(Neo4jConfigTest, FilesOfCoreLibLoadUnchanged) {
  for (const char* target :
       {"core_lib.connection.neo4j_connection_factory.Neo4jConnectionFactory",
        "core_lib.connection.neo4j_connection_registry.Neo4jConnectionRegistry", "core_lib::Neo4jConnectionRegistry"}) {
    const auto graph = make("_target_: " + std::string(target) +
                            "\nconfig:\n"
                            "  credentials:\n"
                            "    username: test_name\n"
                            "    password: test_password\n"
                            "  url:\n"
                            "    protocol: neo4j\n"
                            "    host: localhost\n"
                            "    port: 7474\n");
    EXPECT_EQ(graph->name(), "neo4j at neo4j://localhost:7474") << target;
    (void)graph->get();  // connects only when something runs
  }
}

TEST(Neo4jConfigTest, OptionsBeyondCoreLibsReachTheDriver) {
  const auto graph = make(
      "{url: {protocol: bolt, host: h}, database: movies, pool: {max_size: '7', acquisition_timeout: 5}, "
      "tls: {trust_all: true}, fetch_size: 10}");
  EXPECT_EQ(graph->session_config().database, "movies");
  EXPECT_EQ(graph->pool_statistics()->max_total, 7U);
  EXPECT_TRUE(graph->driver().is_encrypted());
}

TEST(Neo4jConfigTest, MistakesAreToldWithTheirPlaceAndWithoutSecrets) {
  EXPECT_THAT(refusal("{credentials: {username: a}}"), HasSubstr("no key 'url'"));
  EXPECT_THAT(refusal("{url: {protocol: bolt}}"), HasSubstr("'host' says where Neo4j runs"));
  EXPECT_THAT(refusal("{url: {protocol: http, host: h}}"),
              AllOf(HasSubstr("url (app.yaml:1:7)"), HasSubstr("schemes bolt")));
  EXPECT_THAT(refusal("{url: {host: h}, credentials: {usernam: x}}"), HasSubstr("did you mean 'username'?"));
  EXPECT_THAT(refusal("{url: {host: h}, credentials: {scheme: magic, password: hunter2}}"),
              AllOf(HasSubstr("known schemes"), Not(HasSubstr("hunter2"))));
  EXPECT_THAT(refusal("{url: {host: h}, pool: {max_size: 0}}"), HasSubstr("must be at least 1"));
  EXPECT_THAT(refusal("{url: {host: h}, pool: {size: 1}}"), HasSubstr("unknown key"));
}

TEST(Neo4jConfigTest, ItCanBeAskedForAsAnyDataSource) {
  const auto graph = instantiate_config<AnyConnectionRegistry>(Config::parse(
      "{_target_: 'core_lib::Neo4jConnectionRegistry', url: {protocol: bolt, host: 127.0.0.1, port: 1}}"));
  const Health health = graph->ping(Deadline::in(std::chrono::seconds(5)));
  EXPECT_FALSE(health.healthy);
  EXPECT_THAT(health.error, HasSubstr("cannot connect to 127.0.0.1:1"));
}

}  // namespace
}  // namespace core_lib
