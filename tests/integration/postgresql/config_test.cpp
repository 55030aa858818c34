// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>

#include "core_lib/config/instantiate_config.hpp"

#include "contract/hostile_address.hpp"
#include "support/postgresql_schema.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class PostgresqlConfig : public testing::Test {
 protected:
  std::shared_ptr<SqlConnectionRegistry> make(const std::string& options, const std::string& url = "") {
    return instantiate_config<SqlConnectionRegistry>(
        Config::parse("{url: {protocol: postgresql, username: app, password: secret, host: 127.0.0.1, port: '" +
                          schema.server()["port"] + "', file: postgres" + (url.empty() ? "" : ", " + url) +
                          "}, options: {" + options + "}}",
                      "app.yaml"));
  }
  std::string refusal(const std::string& options, const std::string& url = "") {
    return config_error([&] { return make(options, url); });
  }

  support::PostgresqlSchema schema;
};

TEST_F(PostgresqlConfig, TheAddressOfAnOlderFileIsEnough) {
  const auto db = make("");
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
  EXPECT_THAT(std::string(db->name()), AllOf(HasSubstr("postgresql app@127.0.0.1:"), Not(HasSubstr("secret"))));
}

TEST_F(PostgresqlConfig, TheFileOfTheDocumentsWorks) {
  setenv("SHOP_DB_PASSWORD", "secret", 1);
  setenv("SHOP_DB_HOST", "127.0.0.1", 1);
  setenv("SHOP_DB_PORT", schema.server()["port"].c_str(), 1);
  setenv("SHOP_DB_CA", schema.server()["ca"].c_str(), 1);
  const Config config = Config::load(CORE_LIB_POSTGRESQL_YAML);
  const auto db = instantiate_config<SqlConnectionRegistry>(config.at("db"));
  EXPECT_EQ(db->execute("SHOW lock_timeout").scalar<std::string>(), "5s");
  EXPECT_EQ(db->execute("SHOW statement_timeout").scalar<std::string>(), "30s");
  EXPECT_TRUE(db->execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar<bool>());
}

TEST_F(PostgresqlConfig, EveryOptionReachesTheServer) {
  const auto db = make("search_path: [" + schema.name() +
                       ", pg_catalog], statement_timeout: 1.5, application_name: shop, connect_timeout: 5, "
                       "init_statements: [\"SET work_mem = '7MB'\"], prepared_statements: no, ssl_ca: " +
                       schema.server()["ca"] + ", target_session_attrs: read-write, resolve_unknown_commits: yes");
  const auto setting = [&](const std::string& name) {
    return db->execute("SELECT current_setting($1)", name).scalar<std::string>();
  };
  EXPECT_EQ(setting("search_path"), '"' + schema.name() + "\", \"pg_catalog\"");
  EXPECT_EQ(setting("statement_timeout"), "1500ms");
  EXPECT_EQ(setting("application_name"), "shop");
  EXPECT_EQ(setting("work_mem"), "7MB");
  EXPECT_EQ(db->execute("SELECT count(*) FROM pg_prepared_statements").scalar<int>(), 0);
  EXPECT_TRUE(db->execute("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").scalar<bool>());
}

TEST_F(PostgresqlConfig, AnUnknownKeyOrWordIsRefusedWithThoseThatAreNear) {
  EXPECT_THAT(refusal("ssl_mod: require"), AllOf(HasSubstr("options.ssl_mod"), HasSubstr("ssl_mode")));
  EXPECT_THAT(refusal("ssl_mode: on"), AllOf(HasSubstr("options.ssl_mode"), HasSubstr("verify_full")));
  EXPECT_THAT(refusal("target_session_attrs: master"), HasSubstr("prefer_standby"));
  EXPECT_THAT(refusal("statement_timeout: -1"), HasSubstr("options.statement_timeout"));
  EXPECT_THAT(refusal("busy_timeout: 1"), HasSubstr("busy_timeout"));
}

TEST_F(PostgresqlConfig, AnAddressThatIsNoneIsRefused) {
  const auto of_server = [](const std::string& url) {
    return config_error([&] {
      return instantiate_config<SqlConnectionRegistry>(
          Config::parse("{url: {protocol: postgresql, " + url + "}}", "app.yaml"));
    });
  };
  EXPECT_THAT(of_server("port: 70000"), HasSubstr("url.port"));
  EXPECT_THAT(of_server("port: high"), HasSubstr("url.port"));
  for (const char* const host : {"'a,,b'", "'a:b'", "'[::1'", "':5432'"}) {
    EXPECT_THAT(of_server("host: " + std::string(host)), HasSubstr("url.host")) << host;
  }
  EXPECT_THAT(of_server("path: a, file: b"), HasSubstr("url.path"));
}

TEST_F(PostgresqlConfig, APasswordMayHoldEveryCharacter) {
  const std::string password = contract::every_character();
  const std::string user = schema.name() + "_user";
  schema.administrator().execute("CREATE ROLE " + user + " LOGIN PASSWORD " + contract::quoted(password));
  const auto db = contract::connect_to({{"protocol", "postgresql"},
                                        {"username", user},
                                        {"password", contract::quoted(password)},
                                        {"host", "127.0.0.1"},
                                        {"port", schema.server()["port"]},
                                        {"file", "postgres"}});
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
  EXPECT_THAT(std::string(db->name()), Not(HasSubstr(password)));
  schema.administrator().execute("DROP ROLE " + user);
}

TEST_F(PostgresqlConfig, HostileTextInTheAddressIsRefused) {
  contract::expect_hostile_parts_refused({{"protocol", "postgresql"},
                                          {"username", "app"},
                                          {"password", "secret"},
                                          {"host", "127.0.0.1"},
                                          {"port", schema.server()["port"]},
                                          {"file", "postgres"}});
}

TEST_F(PostgresqlConfig, HostileTextInTheOptionsIsTakenAsItIsOrRefused) {
  const auto db = make("application_name: \"x'; DROP TABLE a; --\", search_path: [\"a'; DROP TABLE a; --\", 'b\", c']");
  EXPECT_EQ(db->execute("SELECT current_setting('application_name')").scalar<std::string>(), "x'; DROP TABLE a; --");
  EXPECT_EQ(db->execute("SELECT current_setting('search_path')").scalar<std::string>(),
            "\"a'; DROP TABLE a; --\", \"b\"\", c\"");
  EXPECT_THAT(refusal("application_name: \"shop\\0'\""), HasSubstr("application name"));
  EXPECT_THAT(refusal("search_path: [\"a\\0b\"]"), HasSubstr("search path"));
  EXPECT_THAT(refusal("init_statements: [\"SET @a = 1\\0; DROP TABLE a\"]"), HasSubstr("init statement"));
  EXPECT_THAT(refusal("init_statements: [\"SELECT 1; DROP TABLE a\"]"), HasSubstr("init statement 1"));
  EXPECT_THAT(refusal("\"ssl_mode'; --\": disable"), HasSubstr("ssl_mode"));
  EXPECT_THAT(refusal("ssl_mode: \"disable'; --\""), HasSubstr("options.ssl_mode"));
}

TEST_F(PostgresqlConfig, SeveralHostsAreTriedInTurn) {
  const auto db = instantiate_config<SqlConnectionRegistry>(
      Config::parse("{url: {protocol: postgres+psycopg2, username: app, password: secret, path: /postgres, host: "
                    "'[::1]:1,127.0.0.1:" +
                        schema.server()["port"] + "'}}",
                    "app.yaml"));
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
}

}  // namespace
}  // namespace core_lib
