// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>
#include <string>

#include "core_lib/config/instantiate_config.hpp"

#include "contract/hostile_address.hpp"
#include "support/mariadb_database.hpp"
#include "unit/config/expect_error.hpp"

namespace core_lib {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class MariadbConfig : public testing::Test {
 protected:
  std::shared_ptr<SqlConnectionRegistry> make(const std::string& options, const std::string& protocol = "mariadb") {
    return instantiate_config<SqlConnectionRegistry>(
        Config::parse("{url: {protocol: " + protocol + ", username: app, password: secret, host: 127.0.0.1, port: '" +
                          database.server()["port"] + "', file: " + database.name() + "}, options: {" + options + "}}",
                      "app.yaml"));
  }
  std::string refusal(const std::string& options) {
    return config_error([&] { return make(options); });
  }

  support::MariadbDatabase database;
};

TEST_F(MariadbConfig, TheAddressOfAnOlderFileIsEnough) {
  for (const char* const protocol : {"mariadb", "mysql", "mysql+pymysql"}) {
    const auto db = make("", protocol);
    EXPECT_EQ(db->execute("SELECT DATABASE()").scalar<std::string>(), database.name());
    EXPECT_THAT(std::string(db->name()), AllOf(HasSubstr("mariadb database"), Not(HasSubstr("secret"))));
  }
}

TEST_F(MariadbConfig, TheFileOfTheDocumentsWorks) {
  setenv("SHOP_DB_PASSWORD", "secret", 1);
  setenv("SHOP_DB_HOST", "127.0.0.1", 1);
  setenv("SHOP_DB_PORT", database.server()["port"].c_str(), 1);
  setenv("SHOP_DB_CA", database.server()["ca"].c_str(), 1);
  const Config config = Config::load(CORE_LIB_MARIADB_YAML);
  const auto db = instantiate_config<SqlConnectionRegistry>(config.at("db"));
  EXPECT_EQ(db->execute("SELECT @@innodb_lock_wait_timeout").scalar<int>(), 5);
  EXPECT_EQ(db->execute("SELECT @@max_statement_time").scalar<double>(), 30);
  EXPECT_EQ(db->execute("SELECT @@tx_isolation").scalar<std::string>(), "READ-COMMITTED");
  EXPECT_NE(db->execute("SHOW STATUS LIKE 'Ssl_cipher'")[0].get<std::string>(1), "");
}

TEST_F(MariadbConfig, ASocketOfTheMachineWillDo) {
  const auto db = instantiate_config<SqlConnectionRegistry>(
      Config::parse("{url: {protocol: mariadb, username: app, password: secret, file: app}, options: {unix_socket: " +
                        database.server()["socket"] + "}}",
                    "app.yaml"));
  EXPECT_EQ(db->execute("SELECT USER()").scalar<std::string>(), "app@localhost");
  EXPECT_THAT(refusal("unix_socket: /run/mysqld/mysqld.sock"),
              AllOf(HasSubstr("options.unix_socket"), HasSubstr("host")));
}

TEST_F(MariadbConfig, AnUnknownKeyOrWordIsRefusedWithThoseThatAreNear) {
  EXPECT_THAT(refusal("ssl_mod: require"), AllOf(HasSubstr("options.ssl_mod"), HasSubstr("ssl_mode")));
  EXPECT_THAT(refusal("ssl_mode: on"), AllOf(HasSubstr("options.ssl_mode"), HasSubstr("verify_full")));
  EXPECT_THAT(refusal("isolation: read"), AllOf(HasSubstr("options.isolation"), HasSubstr("read_committed")));
  EXPECT_THAT(refusal("statement_timeout: -1"), HasSubstr("options.statement_timeout"));
}

TEST_F(MariadbConfig, APasswordMayHoldEveryCharacter) {
  const std::string password = contract::every_character();
  const std::string user = database.name() + "_user";
  std::string literal;  // backslashes escape there
  for (const char c : contract::quoted(password)) literal += c == '\\' ? std::string("\\\\") : std::string(1, c);
  database.administrator().execute("CREATE USER " + user + " IDENTIFIED BY " + literal);
  const auto db = contract::connect_to({{"protocol", "mariadb"},
                                        {"username", user},
                                        {"password", contract::quoted(password)},
                                        {"host", "127.0.0.1"},
                                        {"port", database.server()["port"]}});
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
  EXPECT_THAT(std::string(db->name()), Not(HasSubstr(password)));
  database.administrator().execute("DROP USER " + user);
}

TEST_F(MariadbConfig, HostileTextInTheAddressIsRefused) {
  contract::expect_hostile_parts_refused({{"protocol", "mariadb"},
                                          {"username", "app"},
                                          {"password", "secret"},
                                          {"host", "127.0.0.1"},
                                          {"port", database.server()["port"]},
                                          {"file", "app"}});
}

TEST_F(MariadbConfig, HostileTextInTheOptionsIsTakenAsItIsOrRefused) {
  const auto db = make("application_name: \"x'; DROP TABLE a; --\"");
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
  EXPECT_THAT(refusal("application_name: \"shop\\0'\""), HasSubstr("application name"));
  EXPECT_THAT(refusal("init_statements: [\"SET @a = 1\\0; DROP TABLE a\"]"), HasSubstr("init statement"));
  EXPECT_THAT(refusal("init_statements: [\"SELECT 1; DROP TABLE a\"]"), HasSubstr("init statement 1"));
  EXPECT_THAT(refusal("\"ssl_mode'; --\": disable"), HasSubstr("ssl_mode"));
  EXPECT_THAT(refusal("ssl_mode: \"disable'; --\""), HasSubstr("options.ssl_mode"));
}

TEST_F(MariadbConfig, SeveralHostsAreTriedInTurn) {
  const auto db = instantiate_config<SqlConnectionRegistry>(
      Config::parse("{url: {protocol: mariadb, username: app, password: secret, path: /app, host: '[::1]:1,127.0.0.1:" +
                        database.server()["port"] + "'}}",
                    "app.yaml"));
  EXPECT_EQ(db->execute("SELECT 42").scalar<int>(), 42);
}

}  // namespace
}  // namespace core_lib
